#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/manifest/manifest.h"
#include "store/paths.h"

namespace tally::store {

/// Keeps DIR/MANIFEST: each change is one record, appended and synced. Not thread-safe.
///
/// A change that failed may be on disk all the same, and the file it was to go into is never
/// written again: the next change writes the whole manifest anew and puts it in its place.
class ManifestWriter {
 public:
  /// Goes on from `found`, whose manifest names the store. A file that is not whole, or holds much
  /// that is superseded, is replaced at once. `files` must outlive the writer.
  static Result<ManifestWriter> open(FileSystem& files, StorePaths paths, FoundManifest found);

  /// What the file says, failed changes left out.
  const Manifest& manifest() const noexcept { return manifest_; }

  /// On return the segment belongs to the store, durably.
  Result<void> add(const SegmentSummary& segment);

  /// On return everything up to `removed.through` is gone as far as readers are concerned; the
  /// files themselves are left to the caller.
  Result<void> remove(const RemovedFiles& removed);

 private:
  ManifestWriter(FileSystem& files, StorePaths paths, FoundManifest found);

  Result<void> open_file();
  Result<void> change(Manifest changed, std::string_view record);
  Result<void> append(std::string_view record);
  Result<void> replace(const Manifest& manifest);
  bool worth_replacing() const noexcept;

  FileSystem* files_;
  StorePaths paths_;
  Manifest manifest_;
  std::unique_ptr<File> file_;  ///< none after a failure, until the file has been replaced
  std::uint64_t end_ = 0;       ///< of file_: where the next record goes
  std::uint64_t records_ = 0;   ///< in file_
};

}  // namespace tally::store
