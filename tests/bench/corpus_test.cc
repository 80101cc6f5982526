#include "bench/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bench/corpus_frames.h"

namespace tally::bench {
namespace {

using testing::EndsWith;
using testing::Ge;
using testing::Lt;

std::string corpus_of(std::uint64_t count, CorpusOptions options = {}) {
  std::string lines;
  CorpusGenerator(options).append_lines(lines, count);
  return lines;
}

std::vector<std::string> split(const std::string& lines) {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find('\n', begin);
    result.push_back(lines.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

std::string value_after(const std::string& line, const std::string& key) {
  const std::size_t begin = line.find(key) + key.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

// Figures of different days can only be compared if the corpus stays what it is.
TEST(CorpusGenerator, KeepsItsBytes) {
  EXPECT_EQ(split(corpus_of(1)).front(),
            R"({"timestamp": "2026-01-23T21:54:59.964451+00:00", "service": "aidb", )"
            R"("operation": "stats", "container": "metrics-embedding-3840", "success": true, )"
            R"("error": null, "metadata": {"cpu_percent": 152.57, "memory_bytes": 942043136, )"
            R"("duration_ms": 8.051}})");
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : corpus_of(10'000)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  EXPECT_EQ(hash, 2743607617055523552U);
}

TEST(CorpusGenerator, GivesOtherEventsForAnotherSeed) {
  EXPECT_EQ(corpus_of(100), corpus_of(100));
  EXPECT_NE(corpus_of(100), corpus_of(100, {.seed = 2}));
}

TEST(CorpusGenerator, HasTheMixThatItPromises) {
  constexpr double kEvents = 20'000;
  const std::vector<std::string> lines = split(corpus_of(static_cast<std::uint64_t>(kEvents)));
  std::set<std::string> services;
  std::set<std::string> operations;
  double bytes = 0;
  double failures = 0;
  double ids = 0;
  for (const std::string& line : lines) {
    services.insert(value_after(line, R"("service": ")"));
    operations.insert(value_after(line, R"("operation": ")"));
    bytes += static_cast<double>(line.size());
    failures += line.find(R"("success": false)") != std::string::npos;
    ids += line.find(R"("request_id": ")") != std::string::npos;
  }
  EXPECT_EQ(services.size(), 40U);
  EXPECT_EQ(operations.size(), 14U);
  EXPECT_NEAR(bytes / kEvents, 256, 10);
  EXPECT_NEAR(failures / kEvents, 0.04, 0.005);
  EXPECT_NEAR(ids / kEvents, 0.5, 0.02);
}

TEST(CorpusGenerator, EndsAtTheTimeThatItIsGiven) {
  const auto end = parse_rfc3339("2026-03-01T12:00:00Z")->utc;
  constexpr std::uint64_t kCount = 500;
  const auto lines = split(corpus_of(kCount, ending_at({.events_per_second = 10}, end, kCount)));
  UtcTime newest{};
  for (const std::string& line : lines) {
    newest = std::max(newest, parse_rfc3339(value_after(line, R"("timestamp": ")"))->utc);
  }
  EXPECT_THAT(newest, Lt(end));
  EXPECT_THAT(newest, Ge(end - std::chrono::seconds{1}));
}

TEST(CorpusFrames, CutsBetweenLines) {
  const auto frames = corpus_frames(1000, 4096);
  EXPECT_EQ(joined_lines(frames), corpus_of(1000));
  std::uint64_t events = 0;
  for (const CorpusFrame& frame : frames) {
    EXPECT_LE(frame.lines.size(), 4096U);
    EXPECT_THAT(frame.lines, EndsWith("}\n"));
    events += frame.events;
  }
  EXPECT_EQ(events, 1000U);
}

TEST(CorpusFrames, GivesALongLineAFrameOfItsOwn) {
  EXPECT_EQ(frame_end("long line\nb\n", 0, 4), 10U);
  EXPECT_EQ(frame_end("a\nlong line\n", 0, 4), 2U);
  EXPECT_EQ(frame_end("a\nb\n", 0, 4), 4U);
}

}  // namespace
}  // namespace tally::bench
