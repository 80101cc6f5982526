#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/sha256_stream.h"
#include "store/batch.h"

namespace tally::ingest {

/// A line of a followed file that is longer than any event may be, and whose end need not be there
/// yet. Takes it in pieces and keeps what is kept of a refused event: its start, length and hash.
/// Not thread-safe.
class OverlongLine {
 public:
  explicit OverlongLine(std::uint64_t offset) noexcept : begin_(offset), next_(offset) {}

  /// `bytes` are what the file holds at next(). True if they contain the line's end; then next() is
  /// behind it.
  bool take(std::string_view bytes);

  /// Where the file has to be read on.
  std::uint64_t next() const noexcept { return next_; }

  /// The line as a refused event, but for who it came from. Call once.
  store::RefusedEvent finish();

 private:
  void add(std::string_view bytes);

  std::uint64_t begin_;
  std::uint64_t next_;
  std::uint64_t length_ = 0;
  std::string start_;             ///< the first kRefusedBytesMax bytes
  bool carriage_return_ = false;  ///< held back, for it may belong to the line's end
  Sha256Stream hash_;
};

}  // namespace tally::ingest
