#include "store/journal/provenance_codec.h"

#include <chrono>
#include <cstdint>

namespace tally::store {
namespace {

// Unsigned, so that differences of times at the ends of the range wrap instead of overflowing.
std::uint64_t ticks(UtcTime time) noexcept {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

}  // namespace

void put_time_after(std::string& out, UtcTime before, UtcTime time) {
  put_zigzag(out, static_cast<std::int64_t>(ticks(time) - ticks(before)));
}

UtcTime read_time_after(ByteReader& in, UtcTime before) noexcept {
  const std::uint64_t time = ticks(before) + static_cast<std::uint64_t>(in.zigzag());
  return UtcTime{std::chrono::nanoseconds{static_cast<std::int64_t>(time)}};
}

void put_source_kind(std::string& out, SourceKind kind) { out.push_back(static_cast<char>(kind)); }

SourceKind read_source_kind(ByteReader& in) noexcept {
  const std::uint8_t kind = in.byte();
  if (kind < static_cast<std::uint8_t>(SourceKind::http) ||
      kind > static_cast<std::uint8_t>(SourceKind::import)) {
    in.fail();
  }
  return static_cast<SourceKind>(kind);
}

}  // namespace tally::store
