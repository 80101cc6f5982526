#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/salvage/salvage_findings.h"
#include "store/segment/block_header.h"
#include "store/segment/segment_footer.h"

namespace tally::store {

/// A block whose header was found, in the footer or before the block.
struct FoundBlock {
  BlockHeader header;
  std::uint64_t offset = 0;        ///< of the block's own header
  std::uint64_t parts_offset = 0;  ///< of its first part
  Sha256 section_sha256{};         ///< of the header as stored: what the next block names

  /// Whether the footer names it, or it and a neighbour name each other by hash. Segments have no
  /// salt, so a block that stands alone can be one that somebody put into the ids of an event.
  bool vouched_for = false;

  std::uint64_t end() const noexcept { return parts_offset + parts_bytes(header); }
};

/// What there is of a segment file.
struct FoundSegment {
  std::optional<SegmentFooter> footer;      ///< only if it is whole and agrees with itself
  std::optional<SegmentIdentity> identity;  ///< of the footer, else of the header
  std::vector<FoundBlock> blocks;           ///< in the order of the file
  std::uint64_t blocks_end = 0;             ///< offset behind the last of them
};

/// Finds a segment's blocks by its footer, and where that is damaged by their own headers. Notes in
/// `findings` what is damaged outside of parts. Trusts nothing; what it takes is bounded.
Result<FoundSegment> search_blocks(File& file, SalvageFindings& findings);

}  // namespace tally::store
