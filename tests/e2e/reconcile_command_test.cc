#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

#include "tests/e2e/command_line.h"
#include "tests/shipper/loki_receiver.h"
#include "tests/support/store_harness.h"

// `tally sinks reconcile`, as it is typed, against a receiver that loses entries.

namespace tally::tests {
namespace {

using shipper::LokiReceiver;
using testing::HasSubstr;
using testing::Not;

class ReconcileCommand : public CommandLine {
 protected:
  std::string url() const {
    return "loki+http://" + receiver_.address() + "?name=loki&label.host=h&linger_ms=0";
  }

  void ship_events(std::uint64_t count) {
    std::string text;
    for (std::uint64_t i = 1; i <= count; ++i) text += event_line(i) + '\n';
    write("lines", text);
    ASSERT_EQ(tally("import lines").status, 0) << complaint();
    ASSERT_EQ(tally("ship --once --to '" + url() + "'").status, 0) << complaint();
  }

  Ran reconcile(const std::string& options = "") {
    return tally("sinks reconcile loki --to '" + url() + "' " + options);
  }

  LokiReceiver receiver_;
};

TEST_F(ReconcileCommand, Is0WhenAllIsThere) {
  ship_events(1500);
  const Ran ran = reconcile();
  EXPECT_EQ(ran.status, 0) << complaint();
  EXPECT_THAT(ran.output, HasSubstr(R"("missing":0,"twice":0,"dead":0})"));
  EXPECT_THAT(ran.output, Not(HasSubstr("first")));
}

TEST_F(ReconcileCommand, Is1AndNamesWhatIsMissing) {
  ship_events(100);
  receiver_.lose({12, 13, 14, 100});
  const Ran ran = reconcile();
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr(R"({"missing":"12..14","first":12,"last":14,"count":3})"));
  EXPECT_THAT(ran.output, HasSubstr(R"({"missing":"100..100","first":100,"last":100,"count":1})"));
  EXPECT_THAT(complaint(), HasSubstr("tally sinks rewind loki 12"));
  EXPECT_THAT(reconcile("-o table").output, HasSubstr("missing 12..14\nmissing 100..100\n"));
  ASSERT_EQ(tally("sinks rewind loki 12").status, 0) << complaint();
  EXPECT_EQ(reconcile().status, 0) << "what the sink has not got is not asked for";
}

TEST_F(ReconcileCommand, SaysThatItAsksAgain) {
  ship_events(3);
  receiver_.answer_next({{503, "starting", {}}});
  EXPECT_EQ(reconcile().status, 0);
  EXPECT_THAT(complaint(), HasSubstr("Loki answers 503: starting"));
}

TEST_F(ReconcileCommand, ATableShowsTwentyRuns) {
  ship_events(100);
  std::set<std::uint64_t> lost;
  for (std::uint64_t i = 1; i <= 100; i += 2) lost.insert(i);
  receiver_.lose(lost);
  const Ran ran = reconcile("-o table");
  EXPECT_THAT(ran.output, HasSubstr("missing 39..39\nand 30 more: -o jsonl has them all\n"));
}

TEST_F(ReconcileCommand, TakesTheUrlFromTheConfiguration) {
  ship_events(3);
  write("tally.toml", "ship = [\"stdout:\", \"" + url() + "\"]\n");
  EXPECT_EQ(tally("sinks reconcile loki --config tally.toml").status, 0) << complaint();
  EXPECT_EQ(tally("sinks reconcile loki").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("--to URL"));
}

TEST_F(ReconcileCommand, MistakesAre2) {
  ship_events(1);
  EXPECT_EQ(tally("sinks reconcile loki --to stdout:").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("no sequences to ask for"));
  EXPECT_EQ(tally("sinks reconcile nobody --to '" + url() + "'").status, 2);
  EXPECT_THAT(complaint(), HasSubstr("nobody"));
  EXPECT_EQ(reconcile("--since yesteryear").status, 2);
  receiver_.answer_all(shipper::CannedAnswer{400, "the query would read too many bytes", {}});
  EXPECT_EQ(reconcile().status, 2);
  EXPECT_THAT(complaint(), HasSubstr("Loki answers 400: the query would read too many bytes; see"));
}

}  // namespace
}  // namespace tally::tests
