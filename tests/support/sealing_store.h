#pragma once

#include <cstdint>
#include <memory>

#include "model/clock.h"
#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/journal.h"
#include "store/segment_sealer.h"
#include "store/store.h"

namespace tally::tests {

/// A store without its threads: journal and sealer, each called by the test, so that the order of
/// all operations is the test's. Holds no lock.
struct SealingStore {
  /// As Store::open does it.
  static Result<SealingStore> open(store::FileSystem& files, const Clock& clock,
                                   const store::StoreOptions& options);

  /// Seals all but the newest journal file, as Sealer does: damaged ones are passed over, any other
  /// failure ends it. How many.
  int seal_all(store::FileSystem& files);

  const store::Manifest& manifest() const { return writer->manifest(); }

  std::unique_ptr<store::Journal> journal;
  std::unique_ptr<store::ManifestWriter> writer;
  std::unique_ptr<store::SegmentSealer> sealer;
  store::StorePaths paths;
};

}  // namespace tally::tests
