#include "tests/support/range_locks.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tally::tests {
namespace {

std::uint64_t last_of(const store::LockRange& range) {
  return range.count == 0 ? std::numeric_limits<std::uint64_t>::max()
                          : range.first + (range.count - 1);
}

}  // namespace

bool RangeLocks::try_lock(const MemoryFile* file, std::uint64_t owner,
                          const store::LockRange& range, store::LockKind kind) {
  const std::uint64_t last = last_of(range);
  const bool refused = std::ranges::any_of(locks_, [&](const Lock& lock) {
    const bool both_shared =
        kind == store::LockKind::shared && lock.kind == store::LockKind::shared;
    return lock.file == file && lock.owner != owner && lock.first <= last &&
           range.first <= lock.last && !both_shared;
  });
  if (refused) return false;
  unlock(file, owner, range);
  locks_.push_back({file, owner, range.first, last, kind});
  return true;
}

void RangeLocks::unlock(const MemoryFile* file, std::uint64_t owner,
                        const store::LockRange& range) {
  const std::uint64_t last = last_of(range);
  std::vector<Lock> kept;
  for (const Lock& lock : locks_) {
    if (lock.file != file || lock.owner != owner || lock.last < range.first || lock.first > last) {
      kept.push_back(lock);
      continue;
    }
    if (lock.first < range.first) {
      kept.push_back({file, owner, lock.first, range.first - 1, lock.kind});
    }
    if (lock.last > last) kept.push_back({file, owner, last + 1, lock.last, lock.kind});
  }
  locks_ = std::move(kept);
}

bool RangeLocks::locked_by_other(const MemoryFile* file, std::uint64_t owner) const {
  return std::ranges::any_of(
      locks_, [&](const Lock& lock) { return lock.file == file && lock.owner != owner; });
}

}  // namespace tally::tests
