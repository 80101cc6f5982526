#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// How the records of MANIFEST and of rejected files are framed: length of the body, CRC-32C of
/// length and body (32 bits each, little-endian), body.
namespace tally::store {

/// Length and CRC.
inline constexpr std::size_t kRecordPrefixBytes = 8;

void put_record(std::string& out, std::string_view body);

/// How long the record is that `bytes` begin with, prefix included; nothing if its body would be
/// empty or longer than `body_bytes_max`, or the prefix is cut short.
std::optional<std::size_t> record_bytes(std::string_view bytes, std::size_t body_bytes_max);

/// The body of the record that `bytes` begin with; nothing if it is torn or damaged.
std::optional<std::string_view> record_body(std::string_view bytes, std::size_t body_bytes_max);

}  // namespace tally::store
