#include "store/journal/run_slicer.h"

#include <algorithm>

namespace tally::store {
namespace {

/// Takes the first `count` lines off `lines` and off `run`.
void drop_lines(std::string_view& lines, Run& run, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t length = lines.find('\n');
    if (length == std::string_view::npos) return;
    run.offset = next_offset(run, run.offset, length);
    lines.remove_prefix(length + 1);
  }
  run.count -= count;
}

}  // namespace

/// The rest of the first run, cut to `count_max`. A run whose events have offsets begins in the
/// frame that it is in (store/batch.h), so its offset needs no correction here.
Run RunSlicer::next(std::uint32_t count_max) {
  Run slice = runs_.front();
  slice.count = std::min(slice.count - used_, count_max);
  used_ += slice.count;
  if (used_ == runs_.front().count) {
    runs_ = runs_.subspan(1);
    used_ = 0;
  }
  return slice;
}

void RunSlicer::skip(std::uint32_t count) {
  while (count > 0 && !runs_.empty()) count -= next(count).count;
}

Chunk RunSlicer::take(std::string_view lines, std::uint32_t count, std::uint32_t without) {
  slices_.clear();
  const std::uint32_t shown = count - without;
  while (count > 0 && !runs_.empty()) {
    Run slice = next(count);
    count -= slice.count;
    const std::uint32_t dropped = std::min(slice.count, without);
    drop_lines(lines, slice, dropped);
    without -= dropped;
    if (slice.count > 0) slices_.push_back(std::move(slice));
  }
  return Chunk{Sequence{}, shown, lines, slices_};
}

}  // namespace tally::store
