#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tally::ingest {

/// What is wrong with the escapes of a JSON string.
enum class EscapeFlaw {
  none,
  unknown,         ///< a backslash before a character that JSON gives no meaning
  short_unicode,   ///< \u without four hexadecimal digits
  lone_surrogate,  ///< half of a UTF-16 pair, which stands for no character
};

struct EscapeCheck {
  EscapeFlaw flaw = EscapeFlaw::none;
  std::size_t offset = 0;  ///< of the backslash that is wrong, in the text
};

/// Checks the escapes of `text`: a JSON string's content without its quotes, as it is written.
EscapeCheck check_escapes(std::string_view text) noexcept;

/// Appends what `text` means. Its escapes must have passed check_escapes(). The result is never
/// longer than `text`.
void append_unescaped(std::string& out, std::string_view text);

/// Code points in valid UTF-8.
std::size_t count_code_points(std::string_view utf8) noexcept;

}  // namespace tally::ingest
