#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/durable_mark.h"
#include "store/manifest/manifest.h"
#include "store/salvage/salvage_file.h"

namespace tally::store {

/// A file to be salvaged.
struct SurveyedFile {
  static constexpr std::uint64_t kNoNumber = std::numeric_limits<std::uint64_t>::max();

  Path path;
  SalvageKind kind = SalvageKind::unknown;
  StoreId store;  ///< zeros where nothing tells
  std::uint64_t number = kNoNumber;
  std::optional<Sequence> first;
  /// First sequence of a file behind it, which takes back what it says from there on.
  std::optional<Sequence> cut;
  bool draft =
      false;  ///< in the making: what it holds is elsewhere as well, unless that is damaged
  bool named = false;  ///< the user named it, not its directory
};

/// What a store's directory says of it beside its files.
struct SurveyedStore {
  Path directory;
  StoreId store;
  Manifest manifest;  ///< empty where it cannot be read
  std::optional<DurableMark> durable;
  bool written = false;  ///< a collector holds it now
};

struct StoreSurvey {
  std::vector<SurveyedFile> files;  ///< in the order in which they are to be read
  std::vector<SurveyedStore> stores;
};

/// Finds out what the paths stand for: directories of stores, directories of files of stores under
/// whatever names, single files. Needs no MANIFEST, no durable and no LOCK. Errc::not_found: there
/// is no such path.
Result<StoreSurvey> survey(FileSystem& files, std::span<const Path> paths);

}  // namespace tally::store
