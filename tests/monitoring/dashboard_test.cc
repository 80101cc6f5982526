#include <gtest/gtest.h>
#include <simdjson.h>

#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/monitoring/watched_collector.h"

// deploy/grafana/sinks-dashboard.json: everything that it asks for is there.

namespace tally::tests {
namespace {

namespace json = simdjson::dom;

using Dashboard = WatchedCollector;

struct PanelQuery {
  std::string panel;
  std::string expression;
};

std::string text_of(const json::element& element) {
  std::string_view text;
  EXPECT_EQ(element.get(text), simdjson::SUCCESS);
  return std::string(text);
}

simdjson::padded_string dashboard_text() {
  return simdjson::padded_string::load(TALLY_SOURCE_DIR "/deploy/grafana/sinks-dashboard.json");
}

std::vector<PanelQuery> panel_queries() {
  json::parser parser;
  const simdjson::padded_string text = dashboard_text();
  const json::element dashboard = parser.parse(text);
  std::vector<PanelQuery> queries;
  for (const json::element panel : json::array(dashboard["panels"])) {
    for (const json::element target : json::array(panel["targets"])) {
      queries.push_back({text_of(panel["title"]), text_of(target["expr"])});
    }
  }
  return queries;
}

/// As Grafana puts the variable's value in.
std::string with_instance(const std::string& expression, const std::string& instance) {
  return std::regex_replace(expression, std::regex(R"(\$instance\b)"), "(" + instance + ")");
}

TEST_F(Dashboard, HasSomethingToShowInEveryPanel) {
  const auto queries = panel_queries();
  EXPECT_GE(queries.size(), 10u);
  for (const PanelQuery& query : queries) {
    EXPECT_FALSE(prometheus().query(with_instance(query.expression, instance())).empty())
        << query.panel << ": " << query.expression;
  }
}

TEST_F(Dashboard, ShowsOnlyTheCollectorsThatAreChosen) {
  for (const PanelQuery& query : panel_queries()) {
    EXPECT_TRUE(prometheus().query(with_instance(query.expression, "another:7514")).empty())
        << query.panel << ": " << query.expression;
  }
}

TEST_F(Dashboard, HasCollectorsToChooseFrom) {
  json::parser parser;
  const simdjson::padded_string text = dashboard_text();
  const json::element dashboard = parser.parse(text);
  int variables = 0;
  for (const json::element variable : json::array(dashboard["templating"]["list"])) {
    if (text_of(variable["type"]) != "query") continue;
    ++variables;
    std::smatch parts;
    const std::string query = text_of(variable["query"]);
    ASSERT_TRUE(std::regex_match(query, parts, std::regex(R"(label_values\((\w+), (\w+)\))")))
        << query;
    EXPECT_EQ(prometheus().label_values(parts[1], parts[2]), std::vector{instance()}) << query;
  }
  EXPECT_EQ(variables, 1);
}

}  // namespace
}  // namespace tally::tests
