#include "query/csv_text.h"

namespace tally::query {
namespace {

bool is_number(std::string_view text) noexcept {
  return text.size() > 1 && text.find_first_not_of("0123456789.", 1) == std::string_view::npos;
}

bool looks_like_formula(std::string_view text) noexcept {
  if (text.empty()) return false;
  constexpr std::string_view kFormulaStarts = "=+-@\t\r";
  if (kFormulaStarts.find(text[0]) == std::string_view::npos) return false;
  return text[0] != '-' || !is_number(text);
}

}  // namespace

void append_csv_cell(std::string& out, std::string_view text) {
  const bool is_quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (is_quoted) out += '"';
  if (looks_like_formula(text)) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  if (is_quoted) out += '"';
}

}  // namespace tally::query
