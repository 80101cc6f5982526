#include "store/manifest/manifest.h"

#include <algorithm>
#include <string>

#include "store/manifest/manifest_codec.h"

namespace tally::store {
namespace {

/// Room for half a million segments; what is longer was not written by us.
constexpr std::uint64_t kManifestBytesMax = 64 * 1024 * 1024;

Result<FoundManifest> read(File& file) {
  TALLY_TRY(const std::uint64_t size, file.size());
  if (size > kManifestBytesMax) return FoundManifest{};
  std::string bytes(size, '\0');
  TALLY_TRY(const std::size_t read, file.read_at(0, bytes));
  return decode_manifest(std::string_view(bytes).substr(0, read));
}

}  // namespace

const SegmentSummary* Manifest::find(std::uint64_t number) const noexcept {
  const auto found = std::ranges::lower_bound(segments, number, {}, &SegmentSummary::number);
  return found != segments.end() && found->number == number ? &*found : nullptr;
}

Result<FoundManifest> read_manifest(FileSystem& files, const StorePaths& paths) {
  auto file = files.open(paths.manifest(), OpenMode::read);
  if (!file && file.error().code == Errc::not_found) return FoundManifest{};
  if (!file) return file.error();
  return read(*file.value());
}

Result<FoundManifest> settle_manifest(FileSystem& files, const StorePaths& paths) {
  auto file = files.open(paths.manifest(), OpenMode::write);
  if (!file && file.error().code == Errc::not_found) return FoundManifest{};
  if (!file) return file.error();
  // A killed process may have left what no sync has taken to the disk. Where this one fails, the
  // pages count as clean all the same: dropping them shows what the disk has.
  (void)file.value()->sync_data();
  file.value()->drop_cache();
  TALLY_TRY(files.sync_directory(paths.directory));
  return read(*file.value());
}

}  // namespace tally::store
