#include "net/host_policy.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <utility>

#include "net/ascii.h"

namespace tally::net {
namespace {

bool is_port(std::string_view text) noexcept {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

/// The host of "host", "host:port" or "[v6]:port", without brackets; nothing if it is neither.
std::optional<std::string_view> without_port(std::string_view host) noexcept {
  std::string_view name;
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    name = host.substr(1, end - 1);
    host.remove_prefix(end + 1);
  } else {
    name = host.substr(0, host.find(':'));
    host.remove_prefix(name.size());
  }
  if (name.empty()) return std::nullopt;
  if (!host.empty() && !(host[0] == ':' && is_port(host.substr(1)))) return std::nullopt;
  return name;
}

bool is_ip_address(std::string_view host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

}  // namespace

HostPolicy::HostPolicy(std::string_view listen_host, std::vector<std::string> allowed)
    : allowed_(std::move(allowed)) {
  allowed_.emplace_back("localhost");
  allowed_.emplace_back(listen_host);
}

bool HostPolicy::is_host_allowed(std::string_view host) const noexcept {
  // What most clients send; spares them the general way.
  if (host.starts_with("127.0.0.1:") && is_port(host.substr(10))) return true;
  const std::optional<std::string_view> name = without_port(host);
  if (!name) return false;
  const auto is_name = [name](std::string_view allowed) {
    return equals_ignoring_case(allowed, *name);
  };
  return std::any_of(allowed_.begin(), allowed_.end(), is_name) || is_ip_address(*name);
}

bool HostPolicy::is_origin_allowed(std::string_view origin, std::string_view host) noexcept {
  if (origin.empty()) return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return equals_ignoring_case(origin.substr(scheme.size()), host);
  }
  return false;
}

}  // namespace tally::net
