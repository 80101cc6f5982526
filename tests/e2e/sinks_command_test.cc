#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "bench/collector_process.h"
#include "tests/e2e/command_line.h"
#include "tests/support/store_harness.h"

// `tally serve --ship`, `tally ship` and `tally sinks`, as they are typed.

namespace tally::tests {
namespace {

using testing::HasSubstr;

class SinksCommand : public CommandLine {
 protected:
  bench::CollectorOptions options() const {
    return {.program = TALLY_PROGRAM,
            .directory = directory() / "tally-data",
            .arguments = {"--ship", url()}};
  }

  std::string url() const {
    return "file://" + (directory() / "out.jsonl").string() + "?name=out&linger_ms=0";
  }

  /// Posts events through whoever holds the store.
  void import_events(std::uint64_t count) {
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i) text += event_line(++events_) + '\n';
    expected_ += text;
    write("lines", text);
    ASSERT_EQ(tally("import lines").status, 0) << complaint();
  }

  std::string shipped() const {
    std::ifstream file(directory() / "out.jsonl", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  template <class Condition>
  static bool comes_true(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!condition() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    return condition();
  }

  std::uint64_t events_ = 0;
  std::string expected_;
};

TEST_F(SinksCommand, ACollectorShipsAcrossKillsAndEveryLineArrivesOnce) {
  for (int life = 0; life < 3; ++life) {
    bench::CollectorProcess collector(options());
    collector.start();
    import_events(300);
    if (life == 1) {
      ASSERT_TRUE(comes_true([&] { return shipped().size() == expected_.size(); }));
    }
    collector.kill();
  }
  EXPECT_EQ(tally("ship --once --to '" + url() + "'").status, 0) << complaint();
  EXPECT_TRUE(shipped() == expected_);
  EXPECT_THAT(tally("sinks").output, HasSubstr(R"("condition":"not running")"));
  EXPECT_THAT(tally("sinks").output, HasSubstr(R"("next_seq":901,"lag_events":0)"));
}

TEST_F(SinksCommand, PauseShowsAndHoldsUntilItIsResumed) {
  bench::CollectorProcess collector(options());
  collector.start();
  import_events(10);
  ASSERT_TRUE(
      comes_true([&] { return collector.metric(R"(tally_sink_events_total{sink="out"})") == 10; }));
  ASSERT_EQ(tally("sinks pause out --reason 'a new disk'").status, 0) << complaint();
  ASSERT_TRUE(comes_true([&] { return collector.metric(R"(tally_sink_up{sink="out"})") == 0; }));
  import_events(5);
  const Ran sinks = tally("sinks");
  EXPECT_THAT(sinks.output, HasSubstr(R"("condition":"paused","trouble":"a new disk")"));
  EXPECT_THAT(sinks.output, HasSubstr(R"("next_seq":11,"lag_events":5)"));
  EXPECT_THAT(tally("sinks -o table").output, HasSubstr("a new disk"));
  EXPECT_EQ(tally("sinks forget out").status, 0) << "nobody serves it while it is paused";
  EXPECT_EQ(collector.stop(), 0);
}

TEST_F(SinksCommand, ARewoundSinkSendsAgain) {
  import_events(3);
  ASSERT_EQ(tally("ship --once --to '" + url() + "'").status, 0) << complaint();
  ASSERT_EQ(tally("sinks rewind out 2").status, 0) << complaint();
  ASSERT_EQ(tally("ship --once --to '" + url() + "'").status, 0) << complaint();
  EXPECT_EQ(shipped(), expected_ + expected_.substr(event_line(1).size() + 1));
  EXPECT_EQ(tally("sinks rewind out 5").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("from 1 to 4"));
}

TEST_F(SinksCommand, ARewindMendsACursorThatCannotBeRead) {
  import_events(3);
  ASSERT_EQ(tally("ship --once --to '" + url() + "'").status, 0) << complaint();
  write("tally-data/cursors/out", "garbage");
  EXPECT_EQ(tally("ship --once --to '" + url() + "'").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("tally sinks rewind"));
  ASSERT_EQ(tally("sinks rewind out 4").status, 0) << complaint();
  ASSERT_EQ(tally("ship --once --to '" + url() + "'").status, 0) << complaint();
  EXPECT_EQ(shipped(), expected_);
}

TEST_F(SinksCommand, StandardOutputIsASinkToo) {
  import_events(3);
  const Ran ran = tally("ship --once --to stdout:");
  EXPECT_EQ(ran.status, 0) << complaint();
  EXPECT_EQ(ran.output, expected_);
  EXPECT_EQ(tally("ship --once --to stdout:").output, "");
}

TEST_F(SinksCommand, MistakesAre2) {
  EXPECT_EQ(tally("sinks").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("no store"));
  import_events(1);
  EXPECT_EQ(tally("sinks").status, 1) << "there are none";
  EXPECT_EQ(tally("sinks pause nobody").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("no sink called nobody"));
  EXPECT_EQ(tally("ship --to ftp://a").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("no place to ship to"));
  EXPECT_EQ(tally("ship --data nowhere --to stdout:").status, 2);
  EXPECT_EQ(tally("serve --listen 127.0.0.1:0 --ship stdout: --ship stdout:").status, 2);
}

}  // namespace
}  // namespace tally::tests
