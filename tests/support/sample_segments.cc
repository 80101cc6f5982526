#include "tests/support/sample_segments.h"

#include <cstddef>

namespace tally::tests {

store::SegmentSummary sample_segment(std::uint64_t number) {
  constexpr std::uint64_t kEvents = 1000;
  const UtcTime start = parse_rfc3339("2026-01-23T21:55:09.592561Z")->utc;
  store::SegmentSummary segment;
  segment.number = number;
  segment.first = Sequence{1 + number * kEvents};
  segment.count = kEvents;
  segment.earliest = start + std::chrono::minutes{number};
  segment.latest = segment.earliest + std::chrono::seconds{59};
  segment.received = segment.latest + std::chrono::milliseconds{250};
  segment.lines_bytes = 226'000 + number;
  segment.stored_bytes = 17'500 + number;
  segment.filter = {16'000, 600 + number};
  for (std::size_t i = 0; i < segment.footer_sha256.size(); ++i) {
    segment.footer_sha256[i] = static_cast<std::byte>(number + i);
  }
  return segment;
}

store::Manifest sample_manifest(std::uint64_t segments) {
  store::Manifest manifest;
  manifest.store.emplace();
  for (std::size_t i = 0; i < manifest.store->bytes.size(); ++i) {
    manifest.store->bytes[i] = static_cast<std::uint8_t>(0xa0 + i);
  }
  manifest.removed = {41, sample_segment(42).first};
  for (std::uint64_t i = 0; i < segments; ++i) {
    manifest.segments.push_back(sample_segment(43 + 2 * i));
  }
  return manifest;
}

}  // namespace tally::tests
