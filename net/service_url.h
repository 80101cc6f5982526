#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"

namespace tally::net {

/// Where events go to or come from: "SCHEME://HOST:PORT[,HOST:PORT]/PATH?NAME=VALUE&…", or
/// "SCHEME:" alone.
struct ServiceUrl {
  std::string scheme;  ///< as given
  std::string place;   ///< hosts and ports; empty for a file
  std::string path;    ///< with its first '/'; may be empty
  std::map<std::string, std::string, std::less<>> parameters;

  /// Errc::invalid says what is wrong, and refuses a user name or password without repeating it.
  /// `%XX` in path and values is undone.
  static Result<ServiceUrl> parse(std::string_view text);
};

/// Hands out a URL's parameters once each, so that in the end none is left that nobody knows. One
/// thread.
class UrlParameters {
 public:
  explicit UrlParameters(const ServiceUrl& url) : left_(url.parameters) {}

  /// The value; nothing: the URL does not have it.
  std::optional<std::string> take(std::string_view name);

  /// All whose names begin so, by the rest of their names.
  std::map<std::string, std::string, std::less<>> take_prefixed(std::string_view prefix);

  /// The same of a value that is one of some; the first is the default. Errc::invalid names them.
  Result<std::size_t> take_choice(std::string_view name,
                                  std::initializer_list<std::string_view> of);

  /// Of a whole number within bounds.
  Result<std::uint64_t> take_number(std::string_view name, std::uint64_t otherwise,
                                    std::uint64_t least, std::uint64_t most);

  /// Errc::invalid names one that nobody took, and the nearest that somebody would have.
  Result<void> finish() const;

 private:
  std::map<std::string, std::string, std::less<>> left_;
  std::vector<std::string> known_;
};

}  // namespace tally::net
