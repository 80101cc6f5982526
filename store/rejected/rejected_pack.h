#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/result.h"
#include "store/journal/journal_format.h"
#include "store/store_id.h"

/// The bytes of the files in DIR/rejected; docs/format/rejected.md.
namespace tally::store {

/// What one client was refused in one commit.
struct RejectedPack {
  std::string client;
  std::uint64_t index = 0;  ///< of the first, among all that was refused in the journal file
  std::uint32_t count = 0;  ///< events, at least one
  std::string frame;        ///< a zstd frame of them, see RefusedPacker

  friend bool operator==(const RejectedPack&, const RejectedPack&) = default;
};

/// Whose refused events a file holds.
struct RejectedHeader {
  StoreId store;
  std::uint64_t number = 0;  ///< of the journal file that they came from

  friend bool operator==(const RejectedHeader&, const RejectedHeader&) = default;
};

inline constexpr std::size_t kRejectedHeaderBytes = 40;
/// Of a pack's record (store/crc_record.h), behind its prefix.
inline constexpr std::size_t kRejectedBodyBytesMax =
    kCommitRefusedBytesMax + kCommitRefusedBytesMax / 128 + kNameBytesMax + 64;

std::string encode(const RejectedHeader& header);

/// `bytes`: kRejectedHeaderBytes of them. Errc::corruption, Errc::unsupported.
Result<RejectedHeader> decode_rejected_header(std::string_view bytes);

/// A whole record.
std::string encode(const RejectedPack& pack);

/// Reads a whole record. Errc::corruption, Errc::unsupported.
Result<RejectedPack> decode_rejected_pack(std::string_view bytes);

}  // namespace tally::store
