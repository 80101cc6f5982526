#include "net/listen_address.h"

#include <boost/asio/ip/v6_only.hpp>
#include <charconv>
#include <sstream>
#include <utility>

namespace tally::net {
namespace {

Error invalid(std::string_view text) {
  return {Errc::invalid, "\"" + std::string(text) +
                             "\" is no address to listen on: write ADDRESS:PORT, for example "
                             "127.0.0.1:7514 or [::1]:7514"};
}

Error failed(const Tcp::endpoint& endpoint, const ErrorCode& error) {
  const std::string place = to_string(endpoint);
  if (error == boost::asio::error::address_in_use) {
    return {Errc::held, place + " is in use by another process; see who with: ss -ltnp 'sport = :" +
                            std::to_string(endpoint.port()) + "'"};
  }
  return {Errc::io, "cannot listen on " + place + ": " + error.message()};
}

}  // namespace

Result<Tcp::endpoint> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid(text);
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || failure != std::errc{} || end != digits.data() + digits.size()) {
    return invalid(text);
  }
  if (host.empty()) return Tcp::endpoint(Tcp::v6(), port);
  if (host == "localhost") host = "127.0.0.1";
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  ErrorCode error;
  const auto address = boost::asio::ip::make_address(host, error);
  if (error || address.is_v6() != bracketed) return invalid(text);
  return Tcp::endpoint(address, port);
}

std::string to_string(const Tcp::endpoint& endpoint) {
  std::ostringstream text;
  text << endpoint;
  return text.str();
}

Result<Acceptor> listen(const Tcp::endpoint& endpoint, const Executor& executor) {
  ErrorCode error;
  Acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  // "Every address" is both families on one socket.
  if (!error && endpoint.address().is_v6() && endpoint.address().is_unspecified()) {
    acceptor.set_option(boost::asio::ip::v6_only(false), error);
  }
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(Acceptor::max_listen_connections, error);
  if (error) return failed(endpoint, error);
  return acceptor;
}

}  // namespace tally::net
