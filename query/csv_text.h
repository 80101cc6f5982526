#pragma once

#include <string>
#include <string_view>

namespace tally::query {

/// What ends a row (RFC 4180).
inline constexpr std::string_view kCsvRowEnd = "\r\n";

/// Appends a cell (RFC 4180): in quotes if it has to be. A text that a spreadsheet would take for a
/// formula (it begins with = + - @, a tab or a carriage return, and is not a plain number) gets an
/// apostrophe in front; who needs the exact value reads JSON.
void append_csv_cell(std::string& out, std::string_view text);

}  // namespace tally::query
