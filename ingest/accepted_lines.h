#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ingest/validator.h"

namespace tally::ingest {

/// Moves the accepted events of a body together at its front, one a line, while the rest of the
/// body is still being read. Lines that are where they have to be are not touched. The body must
/// outlive it, and one byte behind the body must be writable.
class AcceptedLines {
 public:
  explicit AcceptedLines(std::vector<Extent>& extents) noexcept : extents_(extents) {}

  void start(std::span<char> body) noexcept;

  /// The event is [begin, end) of the body; `line_end` bytes of line end follow: 1 (LF), 2 (CRLF)
  /// or 0 (the body ends, or an array goes on). Events come in the order of the body.
  void add(std::size_t begin, std::size_t end, std::uint8_t line_end);

  /// Ends the moves. The accepted events, each ended by LF.
  std::string_view finish() noexcept;

  std::uint32_t count() const noexcept { return count_; }

 private:
  void close_line() noexcept;
  void move_run() noexcept;
  void note_extent(std::size_t begin, std::size_t end, std::uint8_t line_end);

  std::vector<Extent>& extents_;
  char* body_ = nullptr;
  std::size_t written_ = 0;    ///< bytes at the front of the body that are as they have to be
  std::size_t run_begin_ = 0;  ///< lines that are accepted, their LFs included, and not yet moved
  std::size_t run_end_ = 0;
  bool open_ = false;  ///< the run's last LF is still to be written
  std::uint32_t count_ = 0;
  std::uint64_t next_offset_ = 0;  ///< where the last extent goes on
};

}  // namespace tally::ingest
