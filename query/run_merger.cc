#include "query/run_merger.h"

#include <algorithm>

namespace tally::query {
namespace {

bool comes_later(const RunReader& a, const RunReader& b) noexcept { return a.key() > b.key(); }

}  // namespace

Result<RunMerger> RunMerger::open(store::File& file, std::span<const SpilledRun> runs,
                                  std::size_t buffer_bytes) {
  RunMerger merger;
  for (const SpilledRun& run : runs) {
    RunReader reader(file, run, buffer_bytes);
    TALLY_TRY(auto has_record, reader.advance());
    if (has_record) merger.heap_.push_back(std::move(reader));
  }
  std::make_heap(merger.heap_.begin(), merger.heap_.end(), comes_later);
  return merger;
}

// The reader whose record was given out moves on only now, because that record lived in its buffer.
Result<std::optional<SortedRecord>> RunMerger::next() {
  if (front_is_used_) {
    std::pop_heap(heap_.begin(), heap_.end(), comes_later);
    TALLY_TRY(auto has_record, heap_.back().advance());
    if (has_record) {
      std::push_heap(heap_.begin(), heap_.end(), comes_later);
    } else {
      heap_.pop_back();
    }
    front_is_used_ = false;
  }
  if (heap_.empty()) return std::optional<SortedRecord>();
  front_is_used_ = true;
  return std::optional(SortedRecord{heap_.front().key(), heap_.front().record()});
}

}  // namespace tally::query
