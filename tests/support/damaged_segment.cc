#include "tests/support/damaged_segment.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "store/cursor.h"
#include "tests/support/store_harness.h"

namespace tally::tests {

void flip_bits(store::FileSystem& files, const store::Path& path, std::uint64_t at, char mask) {
  const auto file = files.open(path, store::OpenMode::write);
  ASSERT_TRUE(file);
  char byte = 0;
  ASSERT_TRUE(file.value()->read_at(at, {&byte, 1}));
  byte = static_cast<char>(byte ^ mask);
  const std::string_view part(&byte, 1);
  ASSERT_TRUE(file.value()->write_at(at, {&part, 1}) && file.value()->sync_data());
}

void expect_no_more_lost(store::FileSystem& files, const store::Path& directory,
                         const Promises& promises, const store::SegmentSummary& segment) {
  auto cursor = store::Cursor::open(files, directory, promises.first);
  ASSERT_TRUE(cursor) << to_string(cursor.error());
  const Sequence end = advance(segment.first, segment.count);
  Sequence expected = promises.first;
  std::uint64_t missing = 0;
  while (true) {
    const auto chunk = cursor.value().next();
    ASSERT_TRUE(chunk) << to_string(chunk.error());
    const Sequence first = chunk.value() ? chunk.value()->first : cursor.value().position();
    ASSERT_GE(to_number(first), to_number(expected));
    if (first > expected) {
      ASSERT_TRUE(segment.first <= expected && first <= end);
      missing += distance(expected, first);
    }
    if (!chunk.value()) break;
    std::size_t at = distance(kFirstSequence, first);
    for (const std::string& line : split_lines(chunk.value()->lines)) {
      ASSERT_EQ(line, promises.lines.at(at++));
    }
    expected = advance(first, chunk.value()->count);
  }
  EXPECT_EQ(to_number(cursor.value().position()), promises.lines.size() + 1);
  std::uint64_t told = 0;
  for (const store::CorruptRange& range : cursor.value().corrupt()) told += range.events_lost;
  EXPECT_EQ(told, missing);
}

}  // namespace tally::tests
