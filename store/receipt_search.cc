#include "store/receipt_search.h"

#include <algorithm>

#include "store/journal/journal_reader.h"
#include "store/store_listing.h"

namespace tally::store {
namespace {

/// Old segments do not say when their last event came in; what stands for it then is the time that
/// an event states, which tells nothing.
bool ends_before(const SegmentSummary& segment, UtcTime time) {
  return segment.received != segment.latest && segment.received < time;
}

bool begins_before(const FileHeader& header, UtcTime time) {
  return header.last_received != UtcTime{} && header.last_received < time;
}

}  // namespace

Result<Sequence> first_received_from(FileSystem& files, const StorePaths& paths, UtcTime time) {
  TALLY_TRY(const StoreListing listing, list_store(files, paths));
  // From the newest backwards: the first that ends, or begins, before that time is the one.
  const auto& journals = listing.journals;
  for (auto number = journals.rbegin(); number != journals.rend(); ++number) {
    const auto file =
        JournalReader::open(files, paths, *number, {.check_frames = false, .keep_refused = false});
    // What cannot be opened tells nothing; who reads the events is told why.
    if (file && begins_before(file.value().header(), time)) return file.value().header().first;
  }
  const auto& segments = listing.manifest.segments;
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    if (ends_before(*segment, time)) return advance(segment->first, segment->count);
  }
  return kFirstSequence;
}

}  // namespace tally::store
