#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/result.h"

/// The frame of a segment's headers and of its footer: tag, version, length, typed fields, CRC-32C.
namespace tally::store {

/// Appends a section around the fields.
void put_section(std::string& out, std::string_view tag, std::string_view fields);

/// How long the section is that begins with `prefix` (kSectionPrefixBytes of it), at most
/// `bytes_max`. Errc::corruption if none does.
Result<std::size_t> section_bytes(std::string_view prefix, std::string_view tag,
                                  std::size_t bytes_max);

/// The fields of a whole section. Errc::corruption: it is damaged; Errc::unsupported: a newer
/// version wrote it.
Result<std::string_view> section_fields(std::string_view section, std::string_view tag);

}  // namespace tally::store
