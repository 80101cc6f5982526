#include "store/journal/journal_cut.h"

namespace tally::store {

Result<std::optional<JournalCut>> find_journal_cut(FileSystem& files, const StorePaths& paths,
                                                   const StoreListing& listing,
                                                   std::uint64_t number,
                                                   std::vector<std::uint64_t>& damaged) {
  for (auto next = listing.next_after(number); next; next = listing.next_after(*next)) {
    if (const SegmentSummary* segment = listing.manifest.find(*next)) {
      return std::optional(JournalCut{segment->first, std::nullopt});
    }
    const auto follower = JournalReader::open(files, paths, *next, {});
    if (follower) {
      const FileHeader& header = follower.value().header();
      return std::optional(JournalCut{header.first, header.previous_core});
    }
    if (follower.error().code != Errc::corruption) return follower.error();
    damaged.push_back(*next);
  }
  return std::nullopt;
}

}  // namespace tally::store
