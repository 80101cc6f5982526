#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tally::query {

/// Appends `text` so that a terminal shows it and obeys nothing in it: control characters (of C0
/// and C1), line and paragraph separators, marks that turn the direction of writing and invalid
/// UTF-8 become \n, \t, \x1b, \u{202e}.
void append_visible(std::string& out, std::string_view text);

/// Columns that visible UTF-8 text takes on a terminal: two for East Asian wide characters and
/// emoji, none for combining marks. Good for aligning, not a promise: terminals differ.
std::size_t display_width(std::string_view text) noexcept;

}  // namespace tally::query
