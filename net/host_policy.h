#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tally::net {

/// Which Host and Origin headers are answered. Loopback is no fence against a web page: it can make
/// the user's browser post to 127.0.0.1, under a foreign Origin, or under the page's own host name
/// once that name resolves here. Immutable; safe from any thread.
class HostPolicy {
 public:
  /// `listen_host`: where the server listens, without port; `allowed`: further names, without port.
  HostPolicy(std::string_view listen_host, std::vector<std::string> allowed);

  /// `host` is the Host header: an IP address (a name is what rebinding needs), "localhost", the
  /// listen address or an allowed name, each with any port or none.
  bool is_host_allowed(std::string_view host) const noexcept;

  /// `origin` is the Origin header, empty if there is none: a page may post to the server that it
  /// came from, and to no other.
  static bool is_origin_allowed(std::string_view origin, std::string_view host) noexcept;

 private:
  std::vector<std::string> allowed_;
};

}  // namespace tally::net
