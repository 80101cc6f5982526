#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "net/http_request.h"

namespace tally::net {

/// Where a message's head ends, or why it never will.
struct HeadEnd {
  enum class State : std::uint8_t {
    incomplete,  ///< more is needed; go on from `offset`
    complete,    ///< the head, its empty line included, is the first `offset` bytes
    malformed,   ///< a line that ends in a bare LF, or goes on in the next one
  };
  State state;
  std::size_t offset;
};

/// Looks for the empty line that ends a head, from `scanned` on, where an earlier call on the same
/// head left off: no whole line is looked at twice.
HeadEnd find_head_end(std::string_view bytes, std::size_t scanned) noexcept;

/// How a request says that its body is framed, and the rest of what its head says. Views into the
/// head.
struct RequestHead {
  Request request;  ///< all but `body` and `peer`
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool expects_continue = false;
  bool http10 = false;
  bool keep_alive = true;
};

/// Why a request is refused before its handler sees it.
struct HeadError {
  int status;
  std::string_view reason;  ///< static
};

/// Reads a whole head, as find_head_end() has found it, into `head`; allocates nothing. Whatever
/// two servers could read differently is an error: two lengths, a length and a transfer coding, a
/// second Host, a coding other than chunked.
std::optional<HeadError> parse_request_head(std::string_view bytes, RequestHead& head) noexcept;

}  // namespace tally::net
