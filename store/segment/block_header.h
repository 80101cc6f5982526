#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "model/time.h"
#include "store/batch.h"

namespace tally::store {

/// One of the pieces that a block is stored as; they follow its header in order.
struct BlockPart {
  std::uint32_t number = 0;  ///< segment_format.h
  std::uint32_t bytes = 0;
  std::uint32_t crc = 0;  ///< CRC-32C of the bytes

  friend bool operator==(const BlockPart&, const BlockPart&) = default;
};

/// What stands before a block's parts, and once more in the footer. docs/format/segment.md.
struct BlockHeader {
  Sequence first{};
  std::uint32_t count = 0;  ///< events, at least one
  UtcTime earliest{};       ///< of the times that the events state
  UtcTime latest{};
  std::uint32_t lines_bytes = 0;  ///< LFs included
  std::uint32_t uncounted = 0;    ///< events that the counts part says nothing of
  std::vector<BlockPart> parts;   ///< numbers ascend
  Sha256 stored_sha256{};         ///< of all parts, one after the other
  Sha256 events_root{};           ///< RFC 6962, over the events
  Sha256 previous{};  ///< SHA-256 of the header section before it; of the first, the file header

  friend bool operator==(const BlockHeader&, const BlockHeader&) = default;
};

/// Length of all parts.
std::uint64_t parts_bytes(const BlockHeader& header) noexcept;

/// Appends the section.
void put_block_header(std::string& out, const BlockHeader& header);

/// Reads a whole section. Errc::corruption, Errc::unsupported.
Result<BlockHeader> read_block_header(std::string_view section);

}  // namespace tally::store
