#include "store/cursor.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "store/disk/posix_file_system.h"
#include "store/journal/frame_encoder.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {
namespace {

using store::Batch;
using store::Cursor;
using store::Store;
using store::StoreOptions;

class CursorTest : public testing::Test {
 protected:
  std::unique_ptr<Store> open_store() {
    StoreOptions options;
    options.directory = path();
    options.file_bytes = 64 * 1024;
    options.file_events_max = 25;
    return std::move(Store::open(files, clock, options)).value();
  }

  store::Path path() const { return directory.path() / "data"; }

  void write(Store& store, std::uint64_t from, std::uint64_t count) {
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < count; ++i) lines.push_back(event_line(from + i));
    ASSERT_TRUE(submit_and_wait(store, make_batch(lines, clock.now())));
  }

  /// Reads until `count` events have come, waiting for them.
  std::vector<std::string> read(Cursor& cursor, std::size_t count) {
    std::vector<std::string> lines;
    while (lines.size() < count) {
      const auto chunk = cursor.next();
      if (!chunk) ADD_FAILURE() << to_string(chunk.error());
      if (!chunk) break;
      if (!chunk.value()) {
        cursor.wait(std::chrono::seconds{10});
        continue;
      }
      EXPECT_EQ(to_number(chunk.value()->first), first + lines.size());
      for (auto& line : split_lines(chunk.value()->lines)) lines.push_back(std::move(line));
    }
    return lines;
  }

  TemporaryDirectory directory;
  store::PosixFileSystem files;
  ManualClock clock;
  std::uint64_t first = 1;
};

TEST_F(CursorTest, SaysThatThereIsNoStoreAndCreatesNone) {
  const auto cursor = Cursor::open(files, path());
  ASSERT_FALSE(cursor);
  EXPECT_EQ(cursor.error().code, Errc::not_found);
  EXPECT_FALSE(files.exists(path()).value());
}

TEST_F(CursorTest, StartsAtAnySequenceAcrossFiles) {
  auto store = open_store();
  for (std::uint64_t i = 0; i < 12; ++i) write(*store, i * 7 + 1, 7);
  for (first = 1; first <= 84; ++first) {
    auto cursor = std::move(Cursor::open(files, path(), Sequence{first})).value();
    const auto lines = read(cursor, 84 - first + 1);
    ASSERT_EQ(lines.front(), event_line(first));
    ASSERT_EQ(lines.back(), event_line(84));
    ASSERT_FALSE(cursor.next().value());
    ASSERT_EQ(to_number(cursor.position()), 85U);
  }
}

TEST_F(CursorTest, FollowsAWriterInTheSameProcess) {
  auto store = open_store();
  std::jthread writer([&] {
    for (std::uint64_t i = 0; i < 100; ++i) write(*store, i * 3 + 1, 3);
  });
  auto cursor = std::move(Cursor::open(files, path())).value();
  const auto lines = read(cursor, 300);
  for (std::uint64_t i = 0; i < 300; ++i) ASSERT_EQ(lines[i], event_line(i + 1));
}

TEST_F(CursorTest, FollowsAWriterInAnotherProcessAndOutlivesIt) {
  write(*open_store(), 1, 1);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = open_store();
    for (std::uint64_t i = 1; i <= 60; ++i) write(*store, i + 1, 1);
    _exit(HasFailure() ? 1 : 0);  // Without closing anything: as kill -9 would.
  }
  auto cursor = std::move(Cursor::open(files, path())).value();
  const auto lines = read(cursor, 61);
  for (std::uint64_t i = 0; i < 61; ++i) ASSERT_EQ(lines[i], event_line(i + 1));
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  auto store = open_store();
  write(*store, 62, 2);
  first = 62;
  EXPECT_EQ(read(cursor, 2).back(), event_line(63));
}

TEST_F(CursorTest, GivesTheOffsetsOfTheEventsThatAChunkBeginsWith) {
  auto store = open_store();
  const std::string text = event_line(1) + "\n" + event_line(22) + "\n" + event_line(333) + "\n";
  Batch batch;
  batch.frames.push_back(store::FrameEncoder().encode(text, 3));
  tally::Run run;
  run.count = 3;
  run.received = clock.now();
  run.kind = SourceKind::file;
  run.line_end = 2;
  run.offset = 1000;
  run.source = "/var/log/audit.jsonl";
  batch.runs.push_back(run);
  ASSERT_TRUE(submit_and_wait(*store, std::move(batch)));
  auto cursor = std::move(Cursor::open(files, path(), Sequence{3})).value();
  const auto chunk = cursor.next().value();
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->lines, event_line(333) + "\n");
  ASSERT_EQ(chunk->runs.size(), 1U);
  EXPECT_EQ(chunk->runs[0].count, 1U);
  EXPECT_EQ(chunk->runs[0].offset, 1000 + event_line(1).size() + 2 + event_line(22).size() + 2);
}

}  // namespace
}  // namespace tally::tests
