#include "shipper/status_file.h"

#include <spdlog/spdlog.h>

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace tally::shipper {
namespace {

constexpr std::size_t kBytesMax = 4096;
constexpr std::size_t kTroubleMax = 1024;

struct Counter {
  std::string_view key;
  std::uint64_t SinkStatus::*value;
};

constexpr std::array<Counter, 6> kCounters = {{{"events", &SinkStatus::events},
                                               {"bytes", &SinkStatus::bytes},
                                               {"requests", &SinkStatus::requests},
                                               {"retries", &SinkStatus::retries},
                                               {"dead", &SinkStatus::dead},
                                               {"lost", &SinkStatus::lost}}};

template <class Number>
void read_number(std::string_view text, Number& number) {
  std::from_chars(text.data(), text.data() + text.size(), number);
}

void put_line(std::string& text, std::string_view key, std::string_view value) {
  text.append(key).append("=");
  for (const char c : value) text += c >= ' ' || c < 0 ? c : ' ';
  text += '\n';
}

std::string text_of(const SinkStatus& status) {
  std::string text;
  put_line(text, "condition", status.condition);
  put_line(text, "trouble", std::string_view(status.trouble).substr(0, kTroubleMax));
  for (const Counter& counter : kCounters) {
    put_line(text, counter.key, std::to_string(status.*counter.value));
  }
  put_line(text, "events_per_second", std::to_string(status.events_per_second));
  put_line(text, "at", std::to_string(status.at.time_since_epoch().count()));
  return text;
}

void read_line(std::string_view key, std::string_view value, SinkStatus& status) {
  if (key == "condition") status.condition = value;
  if (key == "trouble") status.trouble = value;
  if (key == "events_per_second") read_number(value, status.events_per_second);
  if (key == "at") {
    std::int64_t nanoseconds = 0;
    read_number(value, nanoseconds);
    status.at = UtcTime{std::chrono::nanoseconds{nanoseconds}};
  }
  for (const Counter& counter : kCounters) {
    if (key == counter.key) read_number(value, status.*counter.value);
  }
}

store::Path status_path(const store::StorePaths& paths, const std::string& name) {
  return paths.cursors() / (name + ".status");
}

SinkStatus status_of(const ShipperStats& stats) {
  SinkStatus status;
  status.condition = to_string(stats.condition);
  status.trouble = stats.trouble;
  status.events = stats.sink.events;
  status.bytes = stats.sink.bytes;
  status.requests = stats.sink.requests;
  status.retries = stats.sink.retries;
  status.dead = stats.sink.dead;
  status.lost = stats.lost;
  return status;
}

Result<void> write_status(store::FileSystem& files, const store::Path& path,
                          const SinkStatus& status) {
  const store::Path draft = path.string() + ".draft";
  {
    TALLY_TRY(const auto file, files.open(draft, store::OpenMode::open_or_create));
    TALLY_TRY(file->truncate(0));
    const std::string text = text_of(status);
    const std::string_view part = text;
    TALLY_TRY(file->write_at(0, {&part, 1}));
  }
  return files.rename(draft, path);
}

}  // namespace

StatusWriter::StatusWriter(store::FileSystem& files, const Clock& clock, store::StorePaths paths,
                           std::string name)
    : files_(&files), clock_(&clock), paths_(std::move(paths)), name_(std::move(name)) {}

void StatusWriter::put(const ShipperStats& stats) {
  SinkStatus status = status_of(stats);
  status.at = clock_->now();
  const double seconds = std::chrono::duration<double>(status.at - last_.at).count();
  if (seconds > 0 && status.events >= last_.events) {
    status.events_per_second = static_cast<double>(status.events - last_.events) / seconds;
  }
  last_ = status;
  const auto written = write_status(*files_, status_path(paths_, name_), status);
  if (!written) spdlog::debug(written.error().context);
}

Result<std::optional<SinkStatus>> read_status(store::FileSystem& files,
                                              const store::StorePaths& paths,
                                              const std::string& name) {
  const auto file = files.open(status_path(paths, name), store::OpenMode::read);
  if (!file && file.error().code == Errc::not_found) return std::nullopt;
  if (!file) return file.error();
  std::array<char, kBytesMax> bytes{};
  TALLY_TRY(const std::size_t read, file.value()->read_at(0, bytes));
  std::string_view rest(bytes.data(), read);
  SinkStatus status;
  for (std::size_t end = 0; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
    const std::string_view line = rest.substr(0, end);
    const std::size_t equals = line.find('=');
    if (equals != line.npos) read_line(line.substr(0, equals), line.substr(equals + 1), status);
  }
  return std::optional(std::move(status));
}

Result<bool> is_served(store::FileSystem& files, const store::StorePaths& paths,
                       const std::string& name) {
  const auto file = files.open(paths.cursors() / (name + ".lock"), store::OpenMode::read);
  if (!file && file.error().code == Errc::not_found) return false;
  if (!file) return file.error();
  return file.value()->locked_by_other();
}

}  // namespace tally::shipper
