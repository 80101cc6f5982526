#pragma once

#include <optional>

#include "store/cursor.h"
#include "store/disk/file_system.h"
#include "tests/support/promised_events.h"

namespace tally::tests {

/// A reader of a store that fails the test as soon as it is given anything but the next promised
/// event. What it may be given first is decided when it is opened: retention may not get ahead of
/// it any more. One thread at a time.
class CheckedReader {
 public:
  /// Reads on from `from`, or from where retention has left off: no event before `removed_max` need
  /// be there.
  CheckedReader(store::Cursor cursor, Sequence from, Sequence removed_max);

  /// What became of a look for more.
  enum class Look { chunk, end, error };

  /// Reads one chunk, if there is one that is durable.
  Look read(const Promises& promises);

  /// The first event that it has not been given; retention must not remove it.
  Sequence next() const noexcept { return next_; }

  /// The same, but for a reader that has been given nothing yet and may begin further on.
  Sequence next_max() const noexcept { return next_max_; }

  /// The first event of the chunk that it was given last, or what it began with.
  Sequence last_chunk() const noexcept { return last_chunk_; }

 private:
  store::Cursor cursor_;
  Sequence next_;
  Sequence next_max_;  ///< where it may begin at the latest; next_ once it has begun
  Sequence last_chunk_;
};

}  // namespace tally::tests
