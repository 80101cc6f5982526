#include "net/service_url.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "model/nearest_name.h"
#include "net/percent_encoding.h"

namespace tally::net {
namespace {

Error invalid(std::string text) { return {Errc::invalid, std::move(text)}; }

Result<void> read_parameters(std::string_view query, ServiceUrl& url) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == 0 || equals == pair.npos) return invalid("a parameter has to be NAME=VALUE");
    const std::string name(pair.substr(0, equals));
    const auto value = percent_decoded(pair.substr(equals + 1));
    if (!value) return invalid("the value of " + name + " has a '%' without two hex digits");
    if (!url.parameters.emplace(name, *value).second) return invalid(name + " is there twice");
  }
  return ok();
}

}  // namespace

Result<ServiceUrl> ServiceUrl::parse(std::string_view text) {
  ServiceUrl url;
  const std::size_t colon = text.find(':');
  url.scheme = text.substr(0, colon);
  if (colon == text.npos) return invalid("a URL begins with SCHEME:");
  std::string_view rest = text.substr(colon + 1);
  const std::size_t question = std::min(rest.find('?'), rest.size());
  const std::string_view query = rest.substr(std::min(question + 1, rest.size()));
  rest = rest.substr(0, question);
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    url.place = rest.substr(0, rest.find('/'));
    rest.remove_prefix(url.place.size());
  }
  // Not repeated in the message: what stands there may be a password.
  if (url.place.find('@') != std::string::npos) {
    return invalid("a URL must not carry a user name or password: put them into a file");
  }
  const auto path = percent_decoded(rest);
  if (!path) return invalid("the path has a '%' without two hex digits");
  url.path = *path;
  TALLY_TRY(read_parameters(query, url));
  return url;
}

std::optional<std::string> UrlParameters::take(std::string_view name) {
  known_.emplace_back(name);
  const auto found = left_.find(name);
  if (found == left_.end()) return std::nullopt;
  std::string value = std::move(found->second);
  left_.erase(found);
  return value;
}

std::map<std::string, std::string, std::less<>> UrlParameters::take_prefixed(
    std::string_view prefix) {
  known_.push_back(std::string(prefix) + "…");
  std::map<std::string, std::string, std::less<>> taken;
  auto at = left_.lower_bound(prefix);
  while (at != left_.end() && at->first.starts_with(prefix)) {
    taken.emplace(at->first.substr(prefix.size()), std::move(at->second));
    at = left_.erase(at);
  }
  return taken;
}

Result<std::size_t> UrlParameters::take_choice(std::string_view name,
                                               std::initializer_list<std::string_view> of) {
  const auto value = take(name);
  if (!value) return std::size_t{0};
  const auto found = std::find(of.begin(), of.end(), *value);
  if (found != of.end()) return static_cast<std::size_t>(found - of.begin());
  std::string expected;
  for (const std::string_view choice : of) {
    expected += (expected.empty() ? "" : ", ") + std::string(choice);
  }
  return invalid(std::string(name) + "=" + *value + " is none of " + expected);
}

Result<std::uint64_t> UrlParameters::take_number(std::string_view name, std::uint64_t otherwise,
                                                 std::uint64_t least, std::uint64_t most) {
  const auto value = take(name);
  if (!value) return otherwise;
  std::uint64_t number = 0;
  const char* const end = value->data() + value->size();
  const auto [read, error] = std::from_chars(value->data(), end, number);
  if (error == std::errc{} && read == end && number >= least && number <= most) return number;
  return invalid(std::string(name) + "=" + *value + " is no number from " + std::to_string(least) +
                 " to " + std::to_string(most));
}

Result<void> UrlParameters::finish() const {
  if (left_.empty()) return ok();
  const std::vector<std::string_view> known(known_.begin(), known_.end());
  const std::string& name = left_.begin()->first;
  return invalid("\"" + name + "\" is no parameter of this URL; the nearest is " +
                 std::string(nearest_name(name, known)));
}

}  // namespace tally::net
