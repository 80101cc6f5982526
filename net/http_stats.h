#pragma once

#include <array>
#include <cstdint>

namespace tally::net {

/// Counters of an HTTP server since its start, for /metrics; a snapshot.
struct HttpStats {
  std::array<std::uint64_t, 5> responses{};  ///< by class: 1xx to 5xx
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t body_bytes_reserved = 0;  ///< of the budget for large bodies, now
  std::uint64_t refused_by_limit = 0;     ///< requests: too large, or no budget in time
  std::uint64_t refused_by_origin = 0;    ///< requests: foreign Host or Origin
  std::uint64_t malformed = 0;            ///< requests
  std::uint64_t deadlines_expired = 0;    ///< connections closed because the peer was too slow
  std::uint64_t aborted = 0;              ///< connections closed unanswered by a handler
  std::uint64_t failures = 0;             ///< sessions ended by an exception: a defect or no memory
};

}  // namespace tally::net
