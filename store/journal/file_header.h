#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "model/time.h"
#include "store/batch.h"
#include "store/store_id.h"

namespace tally::store {

/// What a journal file begins with; docs/format/journal.md.
struct FileHeader {
  StoreId store;
  std::uint64_t number = 0;  ///< of the file
  Sequence first{};          ///< of its first event; cuts the file before it off here
  Sha256 previous_core{};    ///< hash of the last core before it; zeros in the first file
  std::uint64_t salt = 0;    ///< random; the CRCs of this file's commits start from it
  UtcTime created{};
  UtcTime last_received{};  ///< the latest time of receipt before it: the next is not earlier
  std::vector<SourceCheckpoint> checkpoints;  ///< the newest one of every source

  friend bool operator==(const FileHeader&, const FileHeader&) = default;
};

/// The whole skippable frame. Errc::too_large if the checkpoints are past a limit of the format.
Result<std::string> encode(const FileHeader& header);

struct DecodedFileHeader {
  FileHeader header;
  std::size_t bytes = 0;  ///< length of the frame: where the commits begin
};

/// How long the file header is that begins with `prefix` (kFileHeaderPrefixBytes of it).
/// Errc::corruption if none does.
Result<std::size_t> file_header_bytes(std::string_view prefix);

/// Reads the header that `bytes` begins with. Errc::corruption: it is damaged or cut short;
/// Errc::unsupported: a newer version wrote it.
Result<DecodedFileHeader> decode_file_header(std::string_view bytes);

}  // namespace tally::store
