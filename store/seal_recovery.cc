#include "store/seal_recovery.h"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "store/manifest/manifest_repair.h"
#include "store/store_listing.h"

namespace tally::store {
namespace {

Result<void> remove_if_there(FileSystem& files, const Path& path) {
  auto removed = files.remove(path);
  if (!removed && removed.error().code == Errc::not_found) return ok();
  return removed;
}

Result<FoundManifest> complete_manifest(FileSystem& files, const StorePaths& paths,
                                        const StoreId& store,
                                        const std::vector<std::uint64_t>& journals) {
  TALLY_TRY(FoundManifest found, settle_manifest(files, paths));
  Manifest& manifest = found.manifest;
  if (manifest.store.value_or(store) != store) {
    return Error{Errc::corruption,
                 paths.manifest().string() + " is that of store " + to_string(*manifest.store)};
  }
  manifest.store = store;
  const std::size_t listed = manifest.segments.size();
  TALLY_TRY(const auto unreadable, adopt_unlisted(files, paths, journals, manifest));
  if (manifest.segments.size() != listed) found.whole = false;  // To be written anew.
  for (const std::uint64_t number : unreadable) {
    spdlog::error(
        "{} is no whole segment of this store, and nothing else holds its events; tally "
        "salvage extracts what can be read of it",
        paths.segment_file(number).string());
  }
  return found;
}

/// A removal that was recorded, but not done to its end.
Result<void> remove_segments_through(FileSystem& files, const StorePaths& paths,
                                     std::uint64_t through) {
  TALLY_TRY(const auto names, files.list(paths.segments()));
  for (const std::string& name : names) {
    const auto number = parse_segment_name(name);
    if (!number || *number > through) continue;
    TALLY_TRY(remove_if_there(files, paths.segment_file(*number)));
  }
  return files.sync_directory(paths.segments());
}

}  // namespace

Result<ManifestWriter> recover_segments(FileSystem& files, const StorePaths& paths,
                                        const StoreId& store) {
  TALLY_TRY(files.create_directories(paths.segments()));
  TALLY_TRY(files.create_directories(paths.rejected()));
  for (const Path& draft :
       {paths.segment_draft(), paths.rejected_draft(), paths.manifest_draft()}) {
    TALLY_TRY(remove_if_there(files, draft));
  }
  TALLY_TRY(const auto journals, list_journals(files, paths));
  TALLY_TRY(FoundManifest found, complete_manifest(files, paths, store, journals));
  TALLY_TRY(ManifestWriter writer, ManifestWriter::open(files, paths, std::move(found)));
  TALLY_TRY(remove_segments_through(files, paths, writer.manifest().removed.through));
  TALLY_TRY(remove_sealed_journals(files, paths, writer.manifest()));
  return writer;
}

/// The newest file is what the journal goes on from. It must be on the disk before any older one
/// goes, or a power cut could leave none.
Result<void> remove_sealed_journals(FileSystem& files, const StorePaths& paths,
                                    const Manifest& manifest) {
  TALLY_TRY(const auto journals, list_journals(files, paths));
  std::vector<std::uint64_t> gone;
  for (const std::uint64_t number : journals) {
    const bool sealed = number <= manifest.removed.through || manifest.find(number) != nullptr;
    if (sealed && number != journals.back()) gone.push_back(number);
  }
  if (gone.empty()) return ok();
  TALLY_TRY(files.sync_directory(paths.journal()));
  for (const std::uint64_t number : gone) {
    TALLY_TRY(remove_if_there(files, paths.journal_file(number)));
  }
  return files.sync_directory(paths.journal());
}

}  // namespace tally::store
