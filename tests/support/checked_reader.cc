#include "tests/support/checked_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/store_harness.h"

namespace tally::tests {

CheckedReader::CheckedReader(store::Cursor cursor, Sequence from, Sequence removed_max)
    : cursor_(std::move(cursor)),
      next_(from),
      next_max_(std::max(from, removed_max)),
      last_chunk_(from) {}

CheckedReader::Look CheckedReader::read(const Promises& promises) {
  const auto next = cursor_.next();
  for (const store::CorruptRange& range : cursor_.corrupt()) {
    ADD_FAILURE() << range.path << " is called damaged from byte " << range.offset << ", event "
                  << to_number(range.first_lost) << ", " << range.events_lost << " of them";
  }
  if (!next) return Look::error;
  if (!next.value()) return Look::end;
  const store::Chunk& chunk = *next.value();
  EXPECT_GE(to_number(chunk.first), to_number(next_));
  EXPECT_LE(to_number(chunk.first), to_number(next_max_));
  const std::vector<std::string> lines = split_lines(chunk.lines);
  EXPECT_EQ(lines.size(), chunk.count);
  const std::size_t at = distance(kFirstSequence, chunk.first);
  const bool promised = at + lines.size() <= promises.lines.size() &&
                        std::equal(lines.begin(), lines.end(),
                                   promises.lines.begin() + static_cast<std::ptrdiff_t>(at));
  EXPECT_TRUE(promised) << "events from " << to_number(chunk.first) << ", " << chunk.count
                        << " of them, of " << promises.lines.size() << " promised";
  last_chunk_ = chunk.first;
  next_ = next_max_ = advance(chunk.first, chunk.count);
  return Look::chunk;
}

}  // namespace tally::tests
