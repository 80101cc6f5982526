#include "ingest/lexical_fault.h"

#include "model/utf8.h"

namespace tally::ingest {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_operator(char c) noexcept {
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
}

/// Moves `at` from an opening quote to behind the closing one, or to the flaw that it returns.
Flaw skip_string(const char* text, Token& at, Token end) noexcept {
  ++at;
  while (at < end) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"') {
      ++at;
      return Flaw::none;
    }
    if (byte < 0x20) return Flaw::control_character;
    const std::size_t length = utf8_length({text + at, end - at});
    if (length == 0) return Flaw::invalid_utf8;
    at += static_cast<Token>(length);
    // The byte behind a backslash closes nothing; it is looked at by the next round otherwise.
    if (c == '\\' && at < end && (text[at] == '"' || text[at] == '\\')) ++at;
  }
  return Flaw::open_string;
}

}  // namespace

LexicalFault find_lexical_fault(const char* text, Token begin, Token end,
                                std::vector<Token>& tokens) {
  LexicalFault fault;
  tokens.clear();
  Token at = begin;
  while (at < end) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    tokens.push_back(at);
    if (text[at] == '"') {
      fault.string = at;
      fault.flaw = skip_string(text, at, end);
      if (fault.flaw == Flaw::none) continue;
      fault.offset = at;
      return fault;
    }
    if (is_operator(text[at])) {
      ++at;
      continue;
    }
    while (at < end && !is_blank(text[at]) && !is_operator(text[at])) ++at;
  }
  tokens.push_back(end);
  return fault;
}

}  // namespace tally::ingest
