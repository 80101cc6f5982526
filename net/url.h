#pragma once

#include <string>
#include <string_view>

#include "model/result.h"

namespace tally::net {

/// Where a collector is: "http://HOST:PORT[/BASE]".
struct Url {
  std::string host;  ///< name or address; an IPv6 one without brackets
  std::string port;
  std::string base;  ///< prefix of every path, without a '/' at its end; mostly empty

  /// Reads a URL; "HOST:PORT" and "HOST" (port 7514) do as well. Errc::invalid says what is wrong,
  /// and refuses one that carries a user name or password.
  static Result<Url> parse(std::string_view text);
};

/// "HOST:PORT", as the Host header wants it.
std::string authority(const Url& url);

}  // namespace tally::net
