#include "query/count_run.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "query/count_printer.h"
#include "tests/query/chunk_builder.h"
#include "tests/query/filter_model.h"
#include "tests/query/random_events.h"

namespace tally::query {
namespace {

using namespace std::chrono_literals;

CountOptions by(std::string_view names) {
  CountOptions options;
  options.zone = Zone::utc();
  options.by = parse_labels(names).value();
  return options;
}

Result<std::vector<CountRow>> count(const std::vector<RandomEvent>& events, const Filter& filter,
                                    CountOptions options) {
  CountRun run(Matcher::compile(filter).value(), std::move(options));
  ChunkBuilder builder;
  for (const RandomEvent& event : events) builder.line(event.line);
  TALLY_TRY(run.take(builder.chunk()));
  return run.rows();
}

RandomEvent event_at(std::string_view time, std::string service) {
  RandomEvent event;
  event.line = "{\"timestamp\":\"" + std::string(time) + "\",\"service\":\"" + service +
               "\",\"operation\":\"list\",\"success\":true}";
  return event;
}

TEST(CountRun, CountsAsAMapDoes) {
  for (unsigned seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto events = random_events(random, random() % 500);
    const Filter filter = random_filter(random, 2);
    std::map<std::vector<std::string>, std::uint64_t> expected;
    for (const RandomEvent& event : events) {
      const FilterModel model{event};
      if (!model.holds(filter)) continue;
      ++expected[{event.service, model.label(LabelKind::container), event.size,
                  model.label(LabelKind::level)}];
    }
    const auto rows = count(events, filter, by("service,container,metadata.size,level"));
    ASSERT_TRUE(rows);
    std::map<std::vector<std::string>, std::uint64_t> got;
    for (const CountRow& row : rows.value()) got[row.values] = row.count;
    EXPECT_EQ(got, expected);
    EXPECT_EQ(rows.value().size(), expected.size());
    const auto is_ordered = [](const CountRow& a, const CountRow& b) {
      return a.count > b.count || (a.count == b.count && a.values < b.values);
    };
    EXPECT_TRUE(std::is_sorted(rows.value().begin(), rows.value().end(), is_ordered));
  }
}

TEST(CountRun, ATotalHasOneRowEvenOfNothing) {
  const auto rows = count({}, all_of({}), {});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows.value(), (std::vector<CountRow>{{std::nullopt, {}, 0}}));
}

TEST(CountRun, ASeriesShowsItsGaps) {
  CountOptions options;
  options.zone = Zone::utc();
  options.every = 1h;
  const auto rows =
      count({event_at("2026-01-23T23:10:00Z", "a"), event_at("2026-01-23T20:59:59Z", "a"),
             event_at("2026-01-23T23:50:00Z", "a")},
            all_of({}), options);
  ASSERT_TRUE(rows);
  std::string out;
  print_counts(rows.value(), options, OutputFormat::table, false, out);
  EXPECT_EQ(out,
            "TIME                  COUNT\n"
            "2026-01-23T20:00:00Z      1\n"
            "2026-01-23T21:00:00Z      0\n"
            "2026-01-23T22:00:00Z      0\n"
            "2026-01-23T23:00:00Z      2\n");
}

TEST(CountRun, ASeriesThatWouldNeverEndIsRefused) {
  CountOptions options;
  options.every = 1s;
  options.groups_max = 1000;
  const auto rows =
      count({event_at("1971-01-23T23:10:00Z", "a"), event_at("2026-01-23T20:59:59Z", "a")},
            all_of({}), options);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Errc::too_large);
}

TEST(CountRun, TopKeepsTheLargestGroupsOverAllTimes) {
  std::vector<RandomEvent> events;
  for (const char* time : {"2026-01-23T20:00:00Z", "2026-01-23T21:00:00Z"}) {
    events.push_back(event_at(time, "often"));
    events.push_back(event_at(time, "often"));
    events.push_back(event_at(time, "sometimes"));
  }
  events.push_back(event_at("2026-01-23T20:00:00Z", "rarely"));
  CountOptions options = by("service");
  options.top = 2;
  const std::vector<CountRow> expected{{std::nullopt, {"often"}, 4},
                                       {std::nullopt, {"sometimes"}, 2}};
  EXPECT_EQ(count(events, all_of({}), options).value(), expected);
  options.every = 1h;
  options.top = 1;
  const auto rows = count(events, all_of({}), options).value();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].values, std::vector<std::string>{"often"});
  EXPECT_EQ(rows[1].count, 2u);
}

TEST(CountRun, TooManyGroupsAreRefused) {
  CountOptions options = by("service");
  options.groups_max = 1;
  const auto rows =
      count({event_at("2026-01-23T20:00:00Z", "a"), event_at("2026-01-23T20:00:00Z", "b")},
            all_of({}), options);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Errc::too_large);
}

class CountPrinterFormats : public testing::Test {
 protected:
  std::string print(OutputFormat format) {
    CountOptions options = by("service,metadata.x");
    options.every = 1h;
    const UtcTime time = parse_rfc3339("2026-01-23T20:00:00Z")->utc;
    const std::vector<CountRow> rows{{time, {"engine", "a\"b,c"}, 12}, {time, {"=x", ""}, 3}};
    std::string out;
    print_counts(rows, options, format, false, out);
    return out;
  }
};

TEST_F(CountPrinterFormats, Table) {
  EXPECT_EQ(print(OutputFormat::table),
            "TIME                  SERVICE  metadata.x  COUNT\n"
            "2026-01-23T20:00:00Z  engine   a\"b,c          12\n"
            "2026-01-23T20:00:00Z  =x       -               3\n");
}

TEST_F(CountPrinterFormats, Jsonl) {
  EXPECT_EQ(print(OutputFormat::jsonl),
            R"({"time":"2026-01-23T20:00:00Z","service":"engine","metadata.x":"a\"b,c","count":12})"
            "\n"
            R"({"time":"2026-01-23T20:00:00Z","service":"=x","metadata.x":"","count":3})"
            "\n");
}

TEST_F(CountPrinterFormats, Csv) {
  EXPECT_EQ(print(OutputFormat::csv),
            "time,service,metadata.x,count\r\n"
            "2026-01-23T20:00:00Z,engine,\"a\"\"b,c\",12\r\n"
            "2026-01-23T20:00:00Z,'=x,,3\r\n");
}

TEST(CountPrinter, APlainTotalIsItsNumber) {
  std::string out;
  const std::vector<CountRow> rows{{std::nullopt, {}, 42}};
  print_counts(rows, {}, OutputFormat::table, false, out);
  EXPECT_EQ(out, "42\n");
  out.clear();
  print_counts(rows, {}, OutputFormat::jsonl, false, out);
  EXPECT_EQ(out, "{\"count\":42}\n");
}

}  // namespace
}  // namespace tally::query
