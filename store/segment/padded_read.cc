#include "store/segment/padded_read.h"

namespace tally::store {

Result<PaddedBytes> read_padded(File& file, std::uint64_t offset, std::size_t bytes) {
  PaddedBytes read(bytes);
  TALLY_TRY(const std::size_t got, file.read_at(offset, {read.data(), bytes}));
  if (got == bytes) return read;
  return Error{Errc::corruption, "file is cut short at offset " + std::to_string(offset + got)};
}

}  // namespace tally::store
