#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "shipper/loki/push_batch.h"

namespace tally::shipper {

enum class PushFormat : std::uint8_t {
  protobuf,  ///< in a raw block of snappy
  json,      ///< in gzip
};

/// Makes the bodies of Loki's pushes. The same entries give the same bytes, for ever: an entry that
/// is sent again is one that Loki has already. One per thread.
class PushEncoder {
 public:
  /// `store`: the id of the store that the events are from.
  PushEncoder(PushFormat format, std::string store);
  PushEncoder(const PushEncoder&) = delete;
  PushEncoder& operator=(const PushEncoder&) = delete;

  /// A body of `entries`, which are of `batch`; valid until the next call.
  const std::string& encode(const PushBatch& batch, std::span<const PushEntry> entries);

  /// What one encoder holds in memory at most, for bodies of so many bytes before compression.
  static constexpr std::uint64_t memory_bytes(std::uint64_t body_bytes) noexcept {
    return 3 * body_bytes;
  }

  std::string_view content_type() const noexcept;
  std::string_view content_encoding() const noexcept;

 private:
  void encode_protobuf(const PushBatch& batch, std::span<const PushEntry> entries);
  void encode_json(const PushBatch& batch, std::span<const PushEntry> entries);

  const PushFormat format_;
  const std::string store_;
  std::string stream_;
  std::string plain_;
  std::string body_;
};

/// How many bytes an entry, and a stream without its entries, can take in a body at most.
std::uint64_t entry_bytes_max(PushFormat format, std::string_view line, std::string_view container);
std::uint64_t stream_bytes_max(const StreamLabels& labels);

/// As Loki wants it: {host="a", service="b"}
std::string label_text(const StreamLabels& labels);

}  // namespace tally::shipper
