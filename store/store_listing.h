#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/manifest/manifest.h"
#include "store/paths.h"

namespace tally::store {

/// Which files hold a store's events at one moment: each number is a segment or a journal file.
struct StoreListing {
  Manifest manifest;
  std::vector<std::uint64_t> journals;  ///< ascending; without the sealed and the removed
  /// Segment files that neither a manifest nor their own footer speaks for.
  std::vector<std::uint64_t> unreadable;

  bool empty() const noexcept { return journals.empty() && manifest.segments.empty(); }

  /// The smallest number above `number`, or nothing.
  std::optional<std::uint64_t> next_after(std::uint64_t number) const noexcept;
};

/// The numbers of the files in DIR/journal, ascending; none if there is no such directory.
Result<std::vector<std::uint64_t>> list_journals(FileSystem& files, const StorePaths& paths);

/// Lists a store while it is written, sealed and removed from: no number that was there during the
/// whole call is missing.
Result<StoreListing> list_store(FileSystem& files, const StorePaths& paths);

}  // namespace tally::store
