#include "store/journal/journal_format.h"

#include "model/check.h"
#include "store/disk/field_codec.h"

namespace tally::store {

std::uint32_t crc_seed(std::uint64_t salt) noexcept {
  char bytes[sizeof salt];
  for (char& byte : bytes) {
    byte = static_cast<char>(salt & 0xFF);
    salt >>= 8;
  }
  return crc32c({bytes, sizeof bytes});
}

std::string encode_rest(std::uint64_t bytes_left) {
  TALLY_CHECK(bytes_left >= kRestHeaderBytes && bytes_left <= kJournalFileBytesMax);
  std::string rest;
  put_fixed32(rest, kRestMagic);
  put_fixed32(rest, static_cast<std::uint32_t>(bytes_left - kRestHeaderBytes));
  return rest;
}

}  // namespace tally::store
