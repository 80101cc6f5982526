#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tally::net {

/// The text as it may stand anywhere in a URL: all but letters, digits and `-._~` as `%XX` (RFC
/// 3986 section 2).
std::string percent_encoded(std::string_view text);

/// The other way round; '+' stays what it is. Nothing: there is a '%' without two hex digits.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace tally::net
