#include "net/url.h"

#include <algorithm>

#include "net/ascii.h"

namespace tally::net {
namespace {

/// Complains of one text.
struct Complaint {
  std::string_view text;
  std::string_view peer;

  Error operator()(std::string_view why) const {
    return {Errc::invalid, "\"" + std::string(text) + "\" is no " + std::string(peer) +
                               "'s address: " + std::string(why) + "; write http://HOST:PORT"};
  }
};

bool is_port(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

Result<Url> Url::parse(std::string_view text, const UrlRules& rules) {
  const Complaint invalid{text, rules.peer};
  Url url;
  std::string_view rest = text;
  if (const std::size_t scheme = rest.find("://"); scheme != rest.npos) {
    url.tls = rest.substr(0, scheme) == "https";
    if (url.tls && rules.https_port.empty()) return invalid("only http:// is understood");
    if (!url.tls && rest.substr(0, scheme) != "http") return invalid("only http:// is understood");
    rest.remove_prefix(scheme + 3);
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view place = rest.substr(0, slash);
  std::string_view base = rest.substr(slash);
  while (base.ends_with('/')) base.remove_suffix(1);
  if (base.find_first_of("?#") != base.npos) return invalid("it has a query");
  if (place.find('@') != place.npos) {
    // Not repeated in the message: what stands there may be a password.
    return Error{Errc::invalid, "a URL must not carry a user name or password"};
  }

  url.base = base;
  if (place.starts_with('[')) {
    const std::size_t end = place.find(']');
    if (end == place.npos) return invalid("']' is missing");
    url.host = place.substr(1, end - 1);
    place.remove_prefix(end + 1);
  } else {
    url.host = place.substr(0, place.find(':'));
    place.remove_prefix(url.host.size());
  }
  if (url.host.empty()) return invalid("the host is missing");
  url.port = url.tls ? rules.https_port : rules.http_port;
  if (!place.empty()) {
    if (place[0] != ':' || !is_port(place.substr(1))) return invalid("the port is no number");
    url.port = place.substr(1);
  }
  return url;
}

std::string authority(const Url& url) {
  const bool is_v6 = url.host.find(':') != std::string::npos;
  return (is_v6 ? '[' + url.host + ']' : url.host) + ':' + url.port;
}

}  // namespace tally::net
