#include "ingest/accepted_lines.h"

#include <cstring>

namespace tally::ingest {

void AcceptedLines::start(std::span<char> body) noexcept {
  extents_.clear();
  body_ = body.data();
  written_ = 0;
  run_begin_ = 0;
  run_end_ = 0;
  open_ = false;
  count_ = 0;
}

void AcceptedLines::add(std::size_t begin, std::size_t end, std::uint8_t line_end) {
  close_line();
  note_extent(begin, end, line_end);
  ++count_;
  if (begin != run_end_) {
    move_run();
    run_begin_ = begin;
  }
  run_end_ = end + 1;
  open_ = line_end != 1;
}

std::string_view AcceptedLines::finish() noexcept {
  close_line();
  move_run();
  run_begin_ = run_end_;
  return {body_, written_};
}

/// Only now, because until the next event is known the byte behind this one may still be read.
void AcceptedLines::close_line() noexcept {
  if (open_) body_[run_end_ - 1] = '\n';
  open_ = false;
}

void AcceptedLines::move_run() noexcept {
  const std::size_t length = run_end_ - run_begin_;
  if (written_ != run_begin_) std::memmove(body_ + written_, body_ + run_begin_, length);
  written_ += length;
}

void AcceptedLines::note_extent(std::size_t begin, std::size_t end, std::uint8_t line_end) {
  // A last event without a line end goes on in the extent before it, whatever ended that one's.
  const bool goes_on = !extents_.empty() && begin == next_offset_ &&
                       (line_end == extents_.back().line_end || line_end == 0);
  if (!goes_on) extents_.push_back({count_, begin, line_end == 0 ? std::uint8_t{1} : line_end});
  next_offset_ = end + extents_.back().line_end;
}

}  // namespace tally::ingest
