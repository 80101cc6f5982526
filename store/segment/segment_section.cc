#include "store/segment/segment_section.h"

#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/segment/segment_format.h"

namespace tally::store {
namespace {

constexpr std::size_t kCrcLength = 4;

Error damaged(std::string_view tag) {
  return {Errc::corruption, "section " + std::string(tag) + " is damaged"};
}

}  // namespace

void put_section(std::string& out, std::string_view tag, std::string_view fields) {
  const std::size_t begin = out.size();
  out += tag;
  out.push_back(static_cast<char>(kSegmentVersion));
  put_fixed32(out, static_cast<std::uint32_t>(fields.size()));
  out += fields;
  put_fixed32(out, crc32c(std::string_view(out).substr(begin)));
}

Result<std::size_t> section_bytes(std::string_view prefix, std::string_view tag,
                                  std::size_t bytes_max) {
  if (prefix.size() < kSectionPrefixBytes || !prefix.starts_with(tag)) return damaged(tag);
  const std::size_t bytes = kSectionPrefixBytes + get_fixed32(prefix.data() + 4) + kCrcLength;
  if (bytes > bytes_max) return damaged(tag);
  return bytes;
}

Result<std::string_view> section_fields(std::string_view section, std::string_view tag) {
  TALLY_TRY(const std::size_t bytes, section_bytes(section, tag, section.size()));
  if (bytes != section.size()) return damaged(tag);
  const std::string_view checked = section.substr(0, bytes - kCrcLength);
  if (crc32c(checked) != get_fixed32(checked.data() + checked.size())) return damaged(tag);
  // After the CRC, so that a damaged version byte is damage.
  if (static_cast<std::uint8_t>(section[3]) != kSegmentVersion) {
    return Error{Errc::unsupported, "section " + std::string(tag) + " is of a newer version"};
  }
  return checked.substr(kSectionPrefixBytes);
}

}  // namespace tally::store
