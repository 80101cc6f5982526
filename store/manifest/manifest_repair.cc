#include "store/manifest/manifest_repair.h"

#include <algorithm>
#include <optional>
#include <string>

#include "store/segment/segment_reader.h"

namespace tally::store {
namespace {

/// The numbers of segment files that nothing speaks for.
Result<std::vector<std::uint64_t>> unlisted(FileSystem& files, const StorePaths& paths,
                                            std::span<const std::uint64_t> journals,
                                            const Manifest& manifest) {
  std::vector<std::uint64_t> numbers;
  auto names = files.list(paths.segments());
  if (!names && names.error().code == Errc::not_found) return numbers;
  if (!names) return names.error();
  for (const std::string& name : names.value()) {
    const auto number = parse_segment_name(name);
    if (!number || *number <= manifest.removed.through) continue;
    if (manifest.find(*number) != nullptr || std::ranges::binary_search(journals, *number)) {
      continue;
    }
    numbers.push_back(*number);
  }
  return numbers;
}

/// What the footer of the file says; nothing: it is not a whole segment of this number and store.
Result<std::optional<SegmentSummary>> footer(FileSystem& files, const Path& path,
                                             std::uint64_t number, std::optional<StoreId>& store) {
  auto segment = SegmentReader::open(files, path);
  if (!segment) {
    const Errc code = segment.error().code;
    // Just removed by retention, perhaps.
    if (code == Errc::corruption || code == Errc::not_found) return std::nullopt;
    return segment.error();
  }
  const SegmentIdentity& identity = segment.value().identity();
  if (!store) store = identity.store;
  if (identity.number != number || identity.store != *store) return std::nullopt;
  return std::optional(segment.value().summary());
}

}  // namespace

Result<std::vector<std::uint64_t>> adopt_unlisted(FileSystem& files, const StorePaths& paths,
                                                  std::span<const std::uint64_t> journals,
                                                  Manifest& manifest) {
  std::vector<std::uint64_t> unreadable;
  TALLY_TRY(const auto numbers, unlisted(files, paths, journals, manifest));
  for (const std::uint64_t number : numbers) {
    TALLY_TRY(const auto found, footer(files, paths.segment_file(number), number, manifest.store));
    if (found) {
      manifest.segments.push_back(*found);
    } else {
      unreadable.push_back(number);
    }
  }
  std::ranges::sort(manifest.segments, {}, &SegmentSummary::number);
  return unreadable;
}

}  // namespace tally::store
