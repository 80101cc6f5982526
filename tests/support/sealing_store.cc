#include "tests/support/sealing_store.h"

#include <utility>

#include "store/reader_lock.h"
#include "store/seal_recovery.h"
#include "store/store_listing.h"

namespace tally::tests {

Result<SealingStore> SealingStore::open(store::FileSystem& files, const Clock& clock,
                                        const store::StoreOptions& options) {
  const store::StorePaths paths(options.directory);
  TALLY_TRY(auto journal, store::Journal::open(files, clock, options));
  TALLY_TRY(store::RemovalLock::open(files, paths));
  TALLY_TRY(auto manifest, store::recover_segments(files, paths, journal->id()));
  auto writer = std::make_unique<store::ManifestWriter>(std::move(manifest));
  const store::RejectedLimits limits{options.rejected_bytes_max, options.rejected_bytes_max / 4};
  auto sealer =
      std::make_unique<store::SegmentSealer>(files, paths, *writer, limits, [] { return true; });
  return SealingStore{std::move(journal), std::move(writer), std::move(sealer), paths};
}

int SealingStore::seal_all(store::FileSystem& files) {
  int sealed = 0;
  (void)sealer->remove_sealed();
  auto journals = store::list_journals(files, paths);
  if (!journals || journals.value().empty()) return 0;
  journals.value().pop_back();
  for (const std::uint64_t number : journals.value()) {
    const auto done = sealer->seal(number);
    if (!done && done.error().code != Errc::corruption) break;
    sealed += done ? 1 : 0;
  }
  return sealed;
}

}  // namespace tally::tests
