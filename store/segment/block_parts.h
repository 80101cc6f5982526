#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/segment/block_header.h"
#include "store/segment/padded_read.h"

namespace tally::store {

/// The stored parts of one block, read from the file as they are asked for, and checked against
/// their CRCs. Not thread-safe; file and header must outlive it.
class BlockParts {
 public:
  /// `offset` is that of the first part in the file.
  BlockParts(File& file, const BlockHeader& header, std::uint64_t offset)
      : file_(&file), header_(&header), offset_(offset) {}

  const BlockHeader& header() const noexcept { return *header_; }

  /// Reads all parts at once: for who needs most of them.
  Result<void> load_all() { return load_with(0); }
  /// The same, with `header_bytes` of what stands before them, in one read.
  Result<void> load_with(std::size_t header_bytes);
  /// All parts, one after the other; load_all() or load_with() has to come first.
  std::string_view all() const noexcept { return all_.view().substr(header_bytes_); }
  /// What load_with() read before the parts.
  std::string_view own_header() const noexcept { return all_.view().substr(0, header_bytes_); }

  /// A part's bytes, valid as long as this; nothing if the block has no such part. Some bytes
  /// behind them can be read. Errc::corruption.
  Result<std::string_view> part(std::uint32_t number);

  /// Bytes that were read from the file.
  std::uint64_t bytes_read() const noexcept { return bytes_read_; }

 private:
  File* file_;
  const BlockHeader* header_;
  std::uint64_t offset_;
  PaddedBytes all_;  ///< header_bytes_ and every part, once they were loaded
  std::size_t header_bytes_ = 0;
  std::map<std::uint32_t, PaddedBytes> parts_;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace tally::store
