#include "query/query_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <string>
#include <vector>

#include "tests/query/chunk_builder.h"
#include "tests/query/filter_model.h"
#include "tests/query/pipe_reader.h"
#include "tests/query/random_events.h"
#include "tests/support/fault_file_system.h"

namespace tally::query {
namespace {

constexpr std::size_t kEventsPerChunk = 37;

struct Answer {
  std::string text;
  std::uint64_t found = 0;
  ScanStats stats;
};

/// Runs a query over the lines, some chunks of them.
Answer run_query(const std::vector<std::string>& lines, const Filter& filter,
                 QueryOptions options) {
  tests::FaultFileSystem files;
  PipeReader reader;
  Output output(reader.fd());
  QueryRun run(files, Matcher::compile(filter).value(), std::move(options), output);
  bool goes_on = true;
  for (std::size_t i = 0; i < lines.size() && goes_on; i += kEventsPerChunk) {
    ChunkBuilder builder;
    for (std::size_t j = i; j < std::min(lines.size(), i + kEventsPerChunk); ++j) {
      builder.line(lines[j]);
    }
    const auto taken = run.take(builder.chunk(Sequence{i + 1}));
    EXPECT_TRUE(taken);
    goes_on = taken.value();
  }
  EXPECT_TRUE(run.finish(false));
  EXPECT_TRUE(output.finish());
  return {reader.text(), run.found(), run.stats()};
}

std::vector<std::string> lines_of(const std::vector<RandomEvent>& events) {
  std::vector<std::string> lines;
  for (const RandomEvent& event : events) lines.push_back(event.line);
  return lines;
}

/// The answer as a plain list gives it.
std::string expected_text(const std::vector<RandomEvent>& events, const Filter& filter,
                          QueryOrder order, std::uint64_t limit) {
  std::vector<const RandomEvent*> hits;
  for (const RandomEvent& event : events) {
    if (FilterModel{event}.holds(filter)) hits.push_back(&event);
  }
  const auto by_time = [](const RandomEvent* a, const RandomEvent* b) { return a->time < b->time; };
  if (order != QueryOrder::sequence) std::stable_sort(hits.begin(), hits.end(), by_time);
  if (order == QueryOrder::newest_first) std::reverse(hits.begin(), hits.end());
  if (hits.size() > limit) hits.resize(limit);
  std::string text;
  for (const RandomEvent* event : hits) text += event->line + "\n";
  return text;
}

TEST(QueryRun, AnswersAsAPlainListDoes) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto events = random_events(random, random() % 400);
    const Filter filter = random_filter(random, 3);
    QueryOptions options;
    options.order = static_cast<QueryOrder>(random() % 3);
    if (random() % 2 == 0) options.sorting.limit = 1 + random() % 100;
    options.sorting.memory_bytes_max = 1024 << (random() % 8);
    const std::string expected =
        expected_text(events, filter, options.order, options.sorting.limit);
    const Answer answer = run_query(lines_of(events), filter, options);
    ASSERT_EQ(answer.text, expected);
    ASSERT_EQ(answer.found, std::count(expected.begin(), expected.end(), '\n'));
    ASSERT_EQ(answer.stats.damaged, 0u);
  }
}

TEST(QueryRun, EventsOfTheSameTimeStayInSequence) {
  std::vector<std::string> lines;
  for (int i = 0; i < 100; ++i) {
    lines.push_back(R"({"timestamp":"2026-01-23T21:00:00Z","service":"a","operation":"b",)"
                    R"("success":true,"metadata":{"i":)" +
                    std::to_string(i) + "}}");
  }
  std::string expected;
  for (const std::string& line : lines) expected += line + "\n";
  EXPECT_EQ(run_query(lines, all_of({}), {}).text, expected);
}

TEST(QueryRun, FollowingEndsWithItsLimit) {
  std::mt19937_64 random(1);
  const auto lines = lines_of(random_events(random, 200));
  QueryOptions options;
  options.order = QueryOrder::sequence;
  options.sorting.limit = 50;
  const Answer answer = run_query(lines, all_of({}), options);
  EXPECT_EQ(answer.found, 50u);
  EXPECT_EQ(answer.stats.chunks, 2u);
}

TEST(QueryRun, EnvelopesAreSortedAsTheirEvents) {
  std::mt19937_64 random(2);
  const auto events = random_events(random, 2);
  QueryOptions options;
  options.envelope = true;
  options.store_id = "id";
  const std::string text = run_query(lines_of(events), all_of({}), options).text;
  const int first = events[0].time <= events[1].time ? 1 : 2;
  EXPECT_TRUE(text.starts_with("{\"seq\":" + std::to_string(first) + ",\"store\":\"id\"")) << text;
  EXPECT_NE(text.find(",\"event\":" + events[0].line + "}\n"), std::string::npos);
}

TEST(QueryRun, DamagedLinesAreCountedAndLeftOut) {
  std::mt19937_64 random(3);
  std::vector<std::string> lines = lines_of(random_events(random, 3));
  lines[1] = "{\"timestamp\":";
  const Answer answer = run_query(lines, all_of({}), {});
  EXPECT_EQ(answer.found, 2u);
  EXPECT_EQ(answer.stats.damaged, 1u);
  EXPECT_EQ(answer.stats.events, 3u);
}

TEST(QueryRun, EndsWhenNobodyReads) {
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  close(ends[0]);
  tests::FaultFileSystem files;
  Output output(ends[1]);
  QueryOptions options;
  options.order = QueryOrder::sequence;
  QueryRun run(files, Matcher::compile(all_of({})).value(), options, output);
  std::mt19937_64 random(4);
  ChunkBuilder builder;
  for (const RandomEvent& event : random_events(random, 1000)) builder.line(event.line);
  EXPECT_FALSE(run.take(builder.chunk()).value());
  EXPECT_LT(run.stats().events, 1000u);
  EXPECT_TRUE(run.is_output_closed());
  close(ends[1]);
}

TEST(QueryRun, AnErrorOfTheTemporaryFileIsReported) {
  tests::FaultFileSystem files;
  PipeReader reader;
  Output output(reader.fd());
  QueryOptions options;
  options.sorting.memory_bytes_max = 1024;
  options.sorting.directory = "no/such/directory";
  QueryRun run(files, Matcher::compile(all_of({})).value(), options, output);
  std::mt19937_64 random(5);
  ChunkBuilder builder;
  for (const RandomEvent& event : random_events(random, 100)) builder.line(event.line);
  EXPECT_FALSE(run.take(builder.chunk()));
}

}  // namespace
}  // namespace tally::query
