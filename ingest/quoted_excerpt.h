#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tally::ingest {

/// How much of a foreign text a sentence quotes.
inline constexpr std::size_t kExcerptMax = 80;

/// `text` in quotes, for a sentence that people read: cut with an ellipsis past kExcerptMax bytes,
/// control characters escaped, invalid UTF-8 replaced. Always one line of valid UTF-8.
std::string quoted_excerpt(std::string_view text);

}  // namespace tally::ingest
