#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/monitoring/watched_collector.h"
#include "tests/support/patience.h"

// deploy/grafana/sink-alerts.yaml, read by Prometheus itself. When alerts fire is tested with
// promtool.

namespace tally::tests {
namespace {

using AlertRules = WatchedCollector;

/// With comparisons that yield 0 or 1 instead of leaving out what is not so.
std::string without_thresholds(const std::string& expression) {
  return std::regex_replace(expression, std::regex(" (==|!=|>|<|>=|<=) "), " $1 bool ");
}

std::set<std::string> sinks_of(const std::vector<Series>& all) {
  std::set<std::string> sinks;
  for (const Series& series : all) sinks.insert(series.labels.at("sink"));
  return sinks;
}

TEST_F(AlertRules, AskForWhatIsThere) {
  const auto rules = prometheus().alert_rules();
  EXPECT_GE(rules.size(), 10u);
  for (const AlertRule& rule : rules) {
    EXPECT_EQ(rule.health, "ok") << rule.name;
    EXPECT_FALSE(prometheus().query(without_thresholds(rule.expression)).empty())
        << rule.name << ": " << rule.expression;
  }
}

TEST_F(AlertRules, TellTheSinksThatHaveNoReceiverFromTheOneThatHas) {
  const std::set<std::string> down{"kafka", "loki"};
  for (const char* const name : {"TallySinkStopped", "TallySinkBehind"}) {
    for (const AlertRule& rule : prometheus().alert_rules()) {
      if (rule.name != name) continue;
      // Nobody has five minutes here.
      const std::string soon = std::regex_replace(rule.expression, std::regex("> 300"), "> 1");
      wait_until([&] { return sinks_of(prometheus().query(soon)) == down; });
    }
  }
}

TEST_F(AlertRules, AllSinksLackWhatTheirReceiversHaveNotGot) {
  const auto lags = [] {
    std::map<std::string, double> behind;
    for (const Series& series : prometheus().query("tally_sink_lag_events")) {
      behind.emplace(series.labels.at("sink"), series.value);
    }
    return behind;
  };
  wait_until([&] {
    return lags() ==
           std::map<std::string, double>{{"files", 0}, {"kafka", kEvents}, {"loki", kEvents}};
  });
}

TEST_F(AlertRules, SayThatASourceHasNoBrokers) {
  for (const AlertRule& rule : prometheus().alert_rules()) {
    if (rule.name != "TallyTopicNotRead") continue;
    wait_until([&] { return prometheus().query(rule.expression).size() == 1; });
  }
}

}  // namespace
}  // namespace tally::tests
