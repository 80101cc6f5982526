#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/sequence.h"
#include "model/time.h"

namespace tally::shipper {

/// A part of a batch's text.
struct TextPart {
  std::uint32_t offset = 0;
  std::uint32_t bytes = 0;
};

/// One event on its way to Loki.
struct PushEntry {
  Sequence sequence{};
  UtcTime time{};      ///< as which it is sent
  UtcTime received{};  ///< as which it is sent when that is refused
  std::uint32_t stream = 0;
  TextPart line;
  TextPart container;
  bool has_container = false;
  bool success = false;
  bool behind = false;     ///< more than an hour behind the newest of its stream
  bool restamped = false;  ///< `time` is `received`
};

/// An event that is not to be sent (again), and why.
struct RefusedEntry {
  Sequence sequence{};
  UtcTime received{};
  std::string line;
  std::string reason;
};

/// A stream's labels by name, in the order of the names.
using StreamLabels = std::vector<std::pair<std::string, std::string>>;

/// Consecutive events that go to Loki together. Everything that its entries refer to is in it.
struct PushBatch {
  Sequence end{};                                            ///< the first event behind it
  std::string text;                                          ///< lines and containers
  std::vector<std::shared_ptr<const StreamLabels>> streams;  ///< that its entries are of
  std::vector<PushEntry> entries;                            ///< by sequence
  std::vector<RefusedEntry> refused;                         ///< before or after they were sent
  UtcTime oldest = UtcTime::max();                           ///< of its events that are not behind
  UtcTime newest = UtcTime::min();                           ///< the same
  std::uint64_t body_bytes = 0;  ///< of a body that holds all, before compression; at most

  std::string_view view(TextPart part) const {
    return std::string_view(text).substr(part.offset, part.bytes);
  }

  /// What it holds in memory, roughly.
  std::uint64_t memory_bytes() const;
};

}  // namespace tally::shipper
