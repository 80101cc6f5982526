#include "shipper/sink_url.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/nearest_name.h"
#include "store/sink_cursors.h"

namespace tally::shipper {
namespace {

constexpr std::array<std::string_view, 5> kSchemes = {"loki+http", "loki+https", "kafka", "file",
                                                      "stdout"};
constexpr std::size_t kNameMax = 64;

Error invalid(std::string text) { return {Errc::invalid, std::move(text)}; }

Error unknown_scheme(std::string_view text) {
  return invalid("\"" + std::string(text) + "\" is no place to ship to: write " +
                 std::string(nearest_name(text, kSchemes)) +
                 ":… (one of loki+http, loki+https, kafka, file, stdout)");
}

}  // namespace

Result<net::ServiceUrl> parse_sink_url(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  if (colon == text.npos || std::ranges::find(kSchemes, scheme) == kSchemes.end()) {
    return unknown_scheme(scheme);
  }
  return net::ServiceUrl::parse(text);
}

Result<std::string> sink_name(const net::ServiceUrl& url) {
  if (const auto given = url.parameters.find("name"); given != url.parameters.end()) {
    if (store::is_sink_name(given->second)) return given->second;
    return invalid(store::sink_name_rule(given->second));
  }
  std::string name = url.scheme.substr(0, url.scheme.find('+'));
  for (const char c : "/" + url.place + url.path) {
    const bool plain = store::is_sink_name({&c, 1}) && c != '-';
    if (plain) {
      name += c;
    } else if (!name.ends_with('-')) {
      name += '-';
    }
  }
  while (name.ends_with('-')) name.pop_back();
  if (name.size() <= kNameMax) return name;
  return invalid("the URL is too long to make the sink's name of: add name=NAME to it");
}

}  // namespace tally::shipper
