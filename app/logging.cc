#include "app/logging.h"

#include <spdlog/formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <string>

#include "model/json_text.h"
#include "model/time.h"

namespace tally::app {

namespace {

// One JSON object a line. spdlog's patterns do not escape the message.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    line_ = "{\"time\":\"";
    line_ += format_rfc3339(std::chrono::time_point_cast<std::chrono::nanoseconds>(message.time));
    line_ += "\",\"level\":\"";
    const auto level = spdlog::level::to_string_view(message.level);
    line_.append(level.data(), level.size());
    line_ += "\",\"message\":";
    append_json_string(line_, {message.payload.data(), message.payload.size()});
    line_ += "}\n";
    out.append(line_.data(), line_.data() + line_.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }

 private:
  std::string line_;
};

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void set_up_logging(LogLevel level, LogFormat format, bool terminal) {
  const bool json = format == LogFormat::json || (format == LogFormat::automatic && !terminal);
  std::shared_ptr<spdlog::logger> logger;
  if (json) {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(std::make_unique<JsonFormatter>());
    logger = std::make_shared<spdlog::logger>("tally", std::move(sink));
  } else {
    auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>();
    logger = std::make_shared<spdlog::logger>("tally", std::move(sink));
    logger->set_pattern("%H:%M:%S.%e %^%-7l%$ %v");
  }
  logger->set_level(spdlog_level(level));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace tally::app
