#include "store/disk/crc_record.h"

#include <cstdint>

#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"

namespace tally::store {
namespace {

constexpr std::size_t kLengthBytes = 4;

}  // namespace

void put_record(std::string& out, std::string_view body) {
  const std::size_t start = out.size();
  put_fixed32(out, static_cast<std::uint32_t>(body.size()));
  const std::uint32_t crc = crc32c(body, crc32c(std::string_view(out).substr(start)));
  put_fixed32(out, crc);
  out += body;
}

std::optional<std::size_t> record_bytes(std::string_view bytes, std::size_t body_bytes_max) {
  if (bytes.size() < kRecordPrefixBytes) return std::nullopt;
  const std::size_t length = get_fixed32(bytes.data());
  if (length == 0 || length > body_bytes_max) return std::nullopt;
  return kRecordPrefixBytes + length;
}

std::optional<std::string_view> record_body(std::string_view bytes, std::size_t body_bytes_max) {
  const auto length = record_bytes(bytes, body_bytes_max);
  if (!length || *length > bytes.size()) return std::nullopt;
  const std::string_view body = bytes.substr(kRecordPrefixBytes, *length - kRecordPrefixBytes);
  const std::uint32_t crc = crc32c(body, crc32c(bytes.substr(0, kLengthBytes)));
  if (crc != get_fixed32(bytes.data() + kLengthBytes)) return std::nullopt;
  return body;
}

}  // namespace tally::store
