#pragma once

#include <string>
#include <string_view>

#include "model/result.h"

namespace tally::net {

/// Whose URL is read: what is understood of it, and what it lacks.
struct UrlRules {
  std::string_view peer = "collector";  ///< for messages: "is no collector's address"
  std::string_view http_port = "7514";
  std::string_view https_port = {};  ///< empty: https:// is not understood
};

/// Where a server is: "http://HOST:PORT[/BASE]".
struct Url {
  std::string host;  ///< name or address; an IPv6 one without brackets
  std::string port;
  std::string base;  ///< prefix of every path, without a '/' at its end; mostly empty
  bool tls = false;  ///< "https://"

  /// Reads a URL; "HOST:PORT" and "HOST" (a collector's port: 7514) do as well. Errc::invalid says
  /// what is wrong, and refuses one that carries a user name or password.
  static Result<Url> parse(std::string_view text, const UrlRules& rules = {});
};

/// "HOST:PORT", as the Host header wants it.
std::string authority(const Url& url);

}  // namespace tally::net
