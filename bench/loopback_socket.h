#pragma once

#include <cstdint>

namespace tally::bench {

/// Connects to a port of 127.0.0.1, with TCP_NODELAY: the socket, or -1 if nobody listens.
int connect_to_loopback(std::uint16_t port);

/// A port of 127.0.0.1 that was free just now.
std::uint16_t free_port();

}  // namespace tally::bench
