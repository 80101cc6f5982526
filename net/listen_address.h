#pragma once

#include <string>
#include <string_view>

#include "model/result.h"
#include "net/asio_types.h"

namespace tally::net {

/// "127.0.0.1:7514", "[::1]:7514", ":7514" (every address) or "localhost:7514" as an endpoint;
/// other names are Errc::invalid, since what they resolve to may change.
Result<Tcp::endpoint> parse_listen_address(std::string_view text);

/// "127.0.0.1:7514" or "[::1]:7514".
std::string to_string(const Tcp::endpoint& endpoint);

/// Opens, binds and listens. Errc::held if somebody else listens there.
Result<Acceptor> listen(const Tcp::endpoint& endpoint, const Executor& executor);

}  // namespace tally::net
