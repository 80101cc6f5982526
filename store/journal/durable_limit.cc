#include "store/journal/durable_limit.h"

#include <limits>

#include "store/journal/durable_mark.h"
#include "store/store_listing.h"
#include "store/store_lock.h"

namespace tally::store {

Result<DurableLimit> read_durable_limit(FileSystem& files, const StorePaths& paths,
                                        const DurableLimit& before) {
  TALLY_TRY(const auto holder, find_holder(files, paths));
  TALLY_TRY(const auto mark, read_durable_mark(files, paths));
  if (holder && mark) return DurableLimit{mark->file, {mark->offset, mark->offset, mark->next}};
  if (holder) return before;
  TALLY_TRY(const auto all, list_journals(files, paths));
  if (all.empty()) return before;
  DurableLimit limit{all.back(), {std::numeric_limits<std::uint64_t>::max(), 0, Sequence{0}}};
  if (mark && mark->file == all.back()) {
    limit.in_file.synced = mark->offset;
    limit.in_file.next = mark->next;
  }
  return limit;
}

}  // namespace tally::store
