#pragma once

#include <string>
#include <string_view>

namespace tally {

/// Appends `text` as a JSON string, quotes included (RFC 8259 section 7): control characters,
/// quote and backslash are escaped, all else is copied. Invalid UTF-8 becomes U+FFFD, so that the
/// result is always valid JSON.
void append_json_string(std::string& out, std::string_view text);

}  // namespace tally
