#include "query/scan_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <string>

#include "query/query_run.h"
#include "tests/query/pipe_reader.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

namespace tally::query {
namespace {

/// A store with a collector that writes, and a query that reads it at the same time.
class ScanOfAStore : public testing::Test {
 protected:
  ScanOfAStore() {
    store::StoreOptions options;
    options.directory = "data";
    options.file_bytes = 256 * 1024;
    store_ = store::Store::open(files_, clock_, options).value();
  }

  void write(std::uint64_t first, std::uint64_t count) {
    std::vector<std::string> lines;
    for (std::uint64_t i = first; i < first + count; ++i) {
      lines.push_back(tests::event_line(i));
      written_ += lines.back() + "\n";
    }
    ASSERT_TRUE(tests::submit_and_wait(*store_, tests::make_batch(lines, clock_.now())));
  }

  QueryOptions in_sequence(std::uint64_t limit = kNoLimit) {
    QueryOptions options;
    options.order = QueryOrder::sequence;
    options.sorting.limit = limit;
    return options;
  }

  tests::FaultFileSystem files_;
  tests::ManualClock clock_;
  std::unique_ptr<store::Store> store_;
  std::string written_;
};

TEST_F(ScanOfAStore, ShowsWhatIsStored) {
  write(0, 10);
  write(10, 1);
  auto cursor = store::Cursor::open(files_, "data").value();
  PipeReader reader;
  Output output(reader.fd());
  QueryRun run(files_, Matcher::compile(all_of({})).value(), in_sequence(), output);
  std::uint64_t chunks = 0;
  ASSERT_TRUE(scan(cursor, run, false, [&](const ScanStats& stats) { chunks = stats.chunks; }));
  ASSERT_TRUE(run.finish(false));
  EXPECT_EQ(reader.text(), written_);
  EXPECT_EQ(run.found(), 11u);
  EXPECT_EQ(chunks, 2u);
}

TEST_F(ScanOfAStore, AStoppedScanEndsAtOnce) {
  write(0, 10);
  auto cursor = store::Cursor::open(files_, "data").value();
  PipeReader reader;
  Output output(reader.fd());
  QueryRun run(files_, Matcher::compile(all_of({})).value(), in_sequence(), output);
  ASSERT_TRUE(scan(cursor, run, true, [](const ScanStats&) {}));
  ASSERT_TRUE(follow(cursor, run, true));
  EXPECT_EQ(run.stats().events, 0u);
}

TEST_F(ScanOfAStore, FollowingGoesOnWithWhatComes) {
  write(0, 3);
  PipeReader reader;
  auto following = std::async(std::launch::async, [&] {
    auto cursor = store::Cursor::open(files_, "data").value();
    Output output(reader.fd());
    QueryRun run(files_, Matcher::compile(all_of({})).value(), in_sequence(8), output);
    EXPECT_TRUE(follow(cursor, run, false));
    EXPECT_TRUE(run.finish(false));
    return run.found();
  });
  write(3, 3);
  write(6, 2);
  EXPECT_EQ(following.get(), 8u);
  EXPECT_EQ(reader.text(), written_);
}

}  // namespace
}  // namespace tally::query
