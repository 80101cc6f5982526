#include "query/record_sorter.h"

#include <algorithm>
#include <span>
#include <utility>

#include "model/check.h"
#include "store/cursor.h"

namespace tally::query {
namespace {

// Cutting back to the limit costs time in proportion to what is held, so that it must drop at least
// so many each time.
constexpr std::uint64_t kDroppedMin = 1024;

}  // namespace

RecordSorter::RecordSorter(store::FileSystem& files, SorterOptions options)
    : files_(files), options_(std::move(options)) {
  TALLY_CHECK(options_.fan_in_max >= 2);
}

std::size_t RecordSorter::memory_bytes() const noexcept {
  return records_.size() + entries_.size() * sizeof(Entry);
}

Result<void> RecordSorter::add(SortKey key, std::string_view record) {
  if (!has_room_for(key)) return ok();
  entries_.push_back({key, records_.size(), record.size()});
  records_.append(record);
  const bool is_over_limit =
      options_.limit != kNoLimit && entries_.size() / 2 >= std::max(options_.limit, kDroppedMin);
  // Vectors double when they grow, which is what the other half of the memory is for.
  if (is_over_limit || memory_bytes() > options_.memory_bytes_max / 2) return make_room();
  return ok();
}

Result<void> RecordSorter::make_room() {
  if (entries_.size() > options_.limit) drop_beyond_limit();
  if (memory_bytes() > options_.memory_bytes_max / 4) return spill();
  return ok();
}

void RecordSorter::drop_beyond_limit() {
  const auto limit = static_cast<std::ptrdiff_t>(options_.limit);
  if (limit == 0) {
    cutoff_ = SortKey{};
    entries_.clear();
    records_.clear();
    return;
  }
  const auto by_key = [](const Entry& a, const Entry& b) { return a.key < b.key; };
  std::nth_element(entries_.begin(), entries_.begin() + limit - 1, entries_.end(), by_key);
  entries_.resize(options_.limit);
  cutoff_ = entries_.back().key;
  std::string kept;
  for (Entry& entry : entries_) {
    const std::string_view record = record_of(entry);
    entry.offset = kept.size();
    kept.append(record);
  }
  records_ = std::move(kept);
}

std::string_view RecordSorter::record_of(const Entry& entry) const noexcept {
  return std::string_view(records_).substr(entry.offset, entry.length);
}

Result<void> RecordSorter::spill() {
  if (!spill_) {
    TALLY_TRY(spill_, SpillFile::create(files_, options_.directory));
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.key < b.key; });
  for (const Entry& entry : entries_) {
    TALLY_TRY(spill_->append(entry.key, record_of(entry)));
  }
  TALLY_TRY(auto run, spill_->end_run());
  runs_.push_back(run);
  spilled_bytes_ += run.end - run.begin;
  entries_.clear();
  records_.clear();
  return ok();
}

// Each pass reads one file and writes the next, and the old one's space is free when it is done.
Result<void> RecordSorter::merge_down() {
  const std::size_t buffer_bytes = options_.memory_bytes_max / (options_.fan_in_max + 1);
  while (runs_.size() > options_.fan_in_max) {
    TALLY_TRY(auto merged, SpillFile::create(files_, options_.directory));
    std::vector<SpilledRun> longer;
    std::span<const SpilledRun> rest(runs_);
    while (!rest.empty()) {
      const auto group = rest.first(std::min(options_.fan_in_max, rest.size()));
      rest = rest.subspan(group.size());
      TALLY_TRY(auto merger, RunMerger::open(spill_->file(), group, buffer_bytes));
      while (true) {
        TALLY_TRY(auto record, merger.next());
        if (!record) break;
        TALLY_TRY(merged.append(record->key, record->record));
      }
      TALLY_TRY(auto run, merged.end_run());
      spilled_bytes_ += run.end - run.begin;
      longer.push_back(run);
    }
    spill_ = std::move(merged);
    runs_ = std::move(longer);
  }
  TALLY_TRY(merger_, RunMerger::open(spill_->file(), runs_, buffer_bytes));
  return ok();
}

Result<void> RecordSorter::finish() {
  if (spill_) {
    TALLY_TRY(spill());
    std::vector<Entry>().swap(entries_);
    std::string().swap(records_);
    return merge_down();
  }
  if (entries_.size() > options_.limit) drop_beyond_limit();
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.key < b.key; });
  records_.append(store::kChunkPadding, '\0');
  return ok();
}

Result<std::optional<std::string_view>> RecordSorter::next() {
  if (given_ == options_.limit) return std::optional<std::string_view>();
  TALLY_TRY(auto record, next_record());
  if (record) ++given_;
  return record;
}

Result<std::optional<std::string_view>> RecordSorter::next_record() {
  if (merger_) {
    TALLY_TRY(auto record, merger_->next());
    if (record) return std::optional(record->record);
    return std::optional<std::string_view>();
  }
  if (next_entry_ == entries_.size()) return std::optional<std::string_view>();
  return std::optional(record_of(entries_[next_entry_++]));
}

}  // namespace tally::query
