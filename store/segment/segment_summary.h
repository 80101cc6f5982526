#pragma once

#include <cstdint>

#include "model/sequence.h"
#include "model/time.h"
#include "store/batch.h"
#include "store/store_id.h"

namespace tally::store {

/// Which segment of which store a file is: said at its beginning.
struct SegmentIdentity {
  StoreId store;
  std::uint64_t number = 0;  ///< of the journal file that it was made of, too
  Sequence first{};          ///< of its first event; of an empty segment, of the next one

  friend bool operator==(const SegmentIdentity&, const SegmentIdentity&) = default;
};

/// Where in its file a segment's needle filter is.
struct FilterExtent {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;  ///< 0: there is none, or nothing says where it is

  friend bool operator==(const FilterExtent&, const FilterExtent&) = default;
};

/// What is known of a segment without reading its blocks.
struct SegmentSummary {
  std::uint64_t number = 0;
  Sequence first{};
  std::uint64_t count = 0;         ///< events; 0 is allowed
  UtcTime earliest{};              ///< smallest time that an event states; of an empty one, 1970
  UtcTime latest{};                ///< largest
  UtcTime received{};              ///< when the last event came in; `latest` if nothing says it
  std::uint64_t lines_bytes = 0;   ///< of the original lines, their LFs included
  std::uint64_t stored_bytes = 0;  ///< of the file
  Sha256 footer_sha256{};          ///< of the footer, which names the hashes of all else
  FilterExtent filter;

  friend bool operator==(const SegmentSummary&, const SegmentSummary&) = default;
};

/// Whether both speak of the same file: what an older manifest does not say makes no difference.
inline bool is_same_segment(const SegmentSummary& a, const SegmentSummary& b) noexcept {
  return a.number == b.number && a.stored_bytes == b.stored_bytes &&
         a.footer_sha256 == b.footer_sha256;
}

}  // namespace tally::store
