#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_client.h"

namespace tally::shipper {

/// What is to be done after a push.
enum class Verdict : std::uint8_t {
  stored,   ///< all of it has arrived
  retry,    ///< the same bytes again, later
  split,    ///< the body is too large: in parts
  refused,  ///< some entries will never be taken, the others may be stored: find out which
  stop,     ///< somebody has to change something
};

/// What Loki says to a push; docs/sinks.md has the table.
struct LokiAnswer {
  Verdict verdict = Verdict::retry;
  std::string reason;             ///< status and the beginning of the body, printable; of failures
  bool late = false;              ///< refused, for nothing but times
  bool known = false;             ///< refused, for a reason that concerns single entries
  std::size_t refused_count = 0;  ///< of how many entries it speaks; 0: it does not say
  std::optional<std::chrono::seconds> retry_after;
  /// Of a 429 that is for one stream: how many bytes a second a stream may have; 0: not known.
  std::uint64_t stream_bytes_per_second = 0;
};

LokiAnswer read_answer(const net::ClientResponse& response);

/// Whether a request that was answered so may succeed when it is made again.
bool may_pass(int status) noexcept;

/// At most 300 bytes of `text` on one line, without what a terminal might obey.
std::string printable_excerpt(std::string_view text);

}  // namespace tally::shipper
