#include "store/store_listing.h"

#include <algorithm>
#include <string>
#include <utility>

#include "store/manifest/manifest_repair.h"

namespace tally::store {

std::optional<std::uint64_t> StoreListing::next_after(std::uint64_t number) const noexcept {
  std::optional<std::uint64_t> next;
  const auto journal = std::ranges::upper_bound(journals, number);
  if (journal != journals.end()) next = *journal;
  const auto segment =
      std::ranges::upper_bound(manifest.segments, number, {}, &SegmentSummary::number);
  if (segment != manifest.segments.end() && (!next || segment->number < *next)) {
    next = segment->number;
  }
  return next;
}

Result<std::vector<std::uint64_t>> list_journals(FileSystem& files, const StorePaths& paths) {
  std::vector<std::uint64_t> numbers;
  auto names = files.list(paths.journal());
  if (!names && names.error().code == Errc::not_found) return numbers;
  if (!names) return names.error();
  for (const std::string& name : names.value()) {
    if (const auto number = parse_journal_name(name)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

/// The journal first: what is sealed in between is then in both, and the segment counts. The other
/// way round it could be in neither.
Result<StoreListing> list_store(FileSystem& files, const StorePaths& paths) {
  StoreListing listing;
  TALLY_TRY(listing.journals, list_journals(files, paths));
  TALLY_TRY(FoundManifest found, read_manifest(files, paths));
  listing.manifest = std::move(found.manifest);
  if (!found.whole) {
    TALLY_TRY(listing.unreadable, adopt_unlisted(files, paths, listing.journals, listing.manifest));
  }
  std::erase_if(listing.journals, [&](std::uint64_t number) {
    return number <= listing.manifest.removed.through || listing.manifest.find(number) != nullptr;
  });
  return listing;
}

}  // namespace tally::store
