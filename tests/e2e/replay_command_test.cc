#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <string>

#include "bench/collector_process.h"
#include "tests/e2e/command_line.h"
#include "tests/shipper/loki_receiver.h"
#include "tests/support/store_harness.h"

// `tally sinks replay`, as it is typed, against a receiver whose limits are changed in between.

namespace tally::tests {
namespace {

using shipper::LokiReceiver;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kTight = 100;  // shorter than any of the lines

class ReplayCommand : public CommandLine {
 protected:
  std::string url() const {
    return "loki+http://" + receiver_.address() + "?name=loki&label.host=h&linger_ms=0";
  }

  void import_events(std::uint64_t count) {
    std::string text;
    for (std::uint64_t i = 1; i <= count; ++i) text += event_line(i) + '\n';
    write("lines", text);
    ASSERT_EQ(tally("import lines").status, 0) << complaint();
  }

  void ship() { ASSERT_EQ(tally("ship --once --to '" + url() + "'").status, 0) << complaint(); }

  LokiReceiver receiver_{{.max_line = kTight}};
};

TEST_F(ReplayCommand, SendsWhatWasRefusedOnceTheLimitsAreOthers) {
  import_events(5);
  ship();
  EXPECT_TRUE(receiver_.sequences().empty());
  EXPECT_THAT(tally("sinks dead loki").output, StartsWith(R"({"seq":1,"received":")"));
  ASSERT_EQ(tally("sinks replay loki").status, 0) << complaint();
  ship();
  EXPECT_TRUE(receiver_.sequences().empty()) << "the limits are what they were";
  EXPECT_THAT(tally("sinks dead loki").output, HasSubstr(R"({"seq":5,)"));
  receiver_.set_rules({});
  ASSERT_EQ(tally("sinks replay loki").status, 0) << complaint();
  ship();
  EXPECT_EQ(receiver_.sequences().size(), 5U);
  EXPECT_EQ(tally("sinks dead loki").output, "");
  EXPECT_EQ(tally("sinks replay loki").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("no dead letters"));
}

TEST_F(ReplayCommand, IsDoneByTheCollectorThatServesTheSink) {
  bench::CollectorProcess collector({.program = TALLY_PROGRAM,
                                     .directory = directory() / "tally-data",
                                     .arguments = {"--ship", url()}});
  collector.start();
  import_events(3);
  const auto come = [&](auto condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << complaint();
      ::poll(nullptr, 0, 5);
    }
  };
  come([&] { return collector.metric(R"(tally_sink_dead_events_total{sink="loki"})") == 3; });
  receiver_.set_rules({});
  ASSERT_EQ(tally("sinks replay loki").status, 0) << complaint();
  come([&] { return receiver_.sequences().size() == 3; });
  come([&] { return !exists("tally-data/cursors/loki.replaying"); });
  EXPECT_EQ(tally("sinks dead loki").output, "");
  EXPECT_EQ(collector.stop(), 0);
}

}  // namespace
}  // namespace tally::tests
