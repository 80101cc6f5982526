#include "store/segment/block_parts.h"

#include <string>
#include <utility>

#include "store/disk/crc32c.h"

namespace tally::store {
namespace {

Result<std::string_view> checked(const BlockPart& part, std::string_view bytes) {
  if (crc32c(bytes) == part.crc) return bytes;
  return Error{Errc::corruption, "part " + std::to_string(part.number) + " is damaged"};
}

}  // namespace

Result<void> BlockParts::load_with(std::size_t header_bytes) {
  const std::size_t bytes = header_bytes + static_cast<std::size_t>(parts_bytes(*header_));
  TALLY_TRY(all_, read_padded(*file_, offset_ - header_bytes, bytes));
  header_bytes_ = header_bytes;
  bytes_read_ += bytes;
  return ok();
}

Result<std::string_view> BlockParts::part(std::uint32_t number) {
  if (const auto known = parts_.find(number); known != parts_.end()) {
    return known->second.view();
  }
  std::uint64_t offset = 0;
  for (const BlockPart& part : header_->parts) {
    if (part.number < number) {
      offset += part.bytes;
      continue;
    }
    if (part.number > number) break;
    if (!all_.empty()) return checked(part, all().substr(offset, part.bytes));
    TALLY_TRY(auto stored, read_padded(*file_, offset_ + offset, part.bytes));
    bytes_read_ += part.bytes;
    TALLY_TRY(checked(part, stored.view()));
    return parts_.emplace(number, std::move(stored)).first->second.view();
  }
  return std::string_view();
}

}  // namespace tally::store
