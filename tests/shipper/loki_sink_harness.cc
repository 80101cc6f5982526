#include "tests/shipper/loki_sink_harness.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <random>

namespace tally::shipper {
namespace {

constexpr std::chrono::seconds kDeadline{30};

}  // namespace

std::string event_of(std::string_view service, UtcTime time, std::uint64_t number) {
  return R"({"timestamp":")" + format_rfc3339(time) + R"(","service":")" + std::string(service) +
         R"(","operation":"start","container":"c-)" + std::to_string(number % 7) +
         R"(","success":true,"error":null,"metadata":{"n":)" + std::to_string(number) + "}}";
}

LokiSinkHarness::LokiSinkHarness(const std::string& address, const std::string& parameters)
    : LokiSinkHarness(Whole{"loki+http://" + address + "?label.host=h&" + parameters}) {}

LokiSinkHarness::LokiSinkHarness(const Whole& whole) {
  spdlog::set_level(spdlog::level::off);
  const auto plan = plan_sink(whole.url);
  if (!plan) {
    refusal_ = plan.error().context;
    return;
  }
  const SinkContext context{&files_, &clock, paths_, {}, "loki", {}};
  auto made = plan.value().factory(context);
  if (made) {
    sink_ = std::move(made).value();
  } else {
    refusal_ = made.error().context;
  }
}

void LokiSinkHarness::give(const std::vector<std::string>& lines) {
  ASSERT_NE(sink_, nullptr) << refusal_;
  query::ChunkBuilder builder;
  Run run;
  run.received = received;
  builder.from(run);
  for (const std::string& line : lines) builder.line(line);
  const store::Chunk chunk = builder.chunk(given_);
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!sink_->take(chunk).value()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    ASSERT_EQ(take_progress(), "");
  }
  given_ = advance(given_, lines.size());
}

std::string LokiSinkHarness::take_progress() {
  const auto state = sink_->progress(std::chrono::milliseconds(500));
  if (!state) return state.error().context;
  if (state.value()) next_ = state.value()->next;
  return "";
}

std::string LokiSinkHarness::arrive() {
  if (sink_ == nullptr) return refusal_;
  EXPECT_TRUE(sink_->flush());
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (next_ < given_) {
    if (std::chrono::steady_clock::now() > deadline) return "not within half a minute";
    if (std::string failure = take_progress(); !failure.empty()) return failure;
  }
  return "";
}

std::vector<std::string> LokiSinkHarness::dead_letters() {
  std::mt19937_64 random(1);
  const auto left = files_.after_crash(random);
  auto file = left->open(paths_.cursors() / "loki.dead", store::OpenMode::open_or_create);
  std::string text(file.value()->size().value(), '\0');
  EXPECT_TRUE(file.value()->read_at(0, text));
  return tests::split_lines(text);
}

}  // namespace tally::shipper
