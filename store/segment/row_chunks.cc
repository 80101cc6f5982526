#include "store/segment/row_chunks.h"

#include <utility>

namespace tally::store {
namespace {

/// Length of the first `count` lines, LFs included.
std::size_t length_of(std::string_view lines, std::uint32_t count) {
  std::size_t end = 0;
  for (; count > 0; --count) end = lines.find('\n', end) + 1;
  return end;
}

}  // namespace

RowChunks::RowChunks(Sequence first, std::vector<std::uint32_t> rows, std::string_view lines,
                     std::vector<Run> runs)
    : first_(first), rows_(std::move(rows)), lines_(lines), runs_(std::move(runs)) {}

Chunk RowChunks::next() {
  const std::uint32_t row = rows_[next_];
  while (row - run_begin_ >= runs_[run_].count) run_begin_ += runs_[run_++].count;
  const Run& run = runs_[run_];
  std::uint32_t count = 0;
  while (next_ < rows_.size() && rows_[next_] == row + count &&
         row + count - run_begin_ < run.count) {
    ++count;
    ++next_;
  }
  slice_ = run;
  slice_.count = count;
  // Records of Kafka are numbered; what a file's offset is would take the lines in between.
  slice_.offset = run.kind == SourceKind::kafka ? run.offset + (row - run_begin_) : 0;
  const std::size_t length = length_of(lines_, count);
  const Chunk chunk{advance(first_, row), count, lines_.substr(0, length), {&slice_, 1}};
  lines_.remove_prefix(length);
  return chunk;
}

}  // namespace tally::store
