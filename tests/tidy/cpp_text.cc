#include "tests/tidy/cpp_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tally::tidy {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The end of the comment or literal that starts at `at`, or `at` if none does.
std::size_t end_of_blank(std::string_view text, std::size_t at) {
  const auto past = [&](std::string_view what, std::size_t from) {
    const std::size_t found = text.find(what, from);
    return found == std::string_view::npos ? text.size() : found + what.size();
  };
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
  if (rest.starts_with("/*")) return past("*/", at + 2);
  if (rest.starts_with("R\"") && (at == 0 || !is_word(text[at - 1]))) {
    const std::size_t open = std::min(text.find('(', at), text.size());
    return past(")" + std::string(text.substr(at + 2, open - at - 2)) + "\"", open);
  }
  const char quote = rest[0];
  const bool digit_separator = quote == '\'' && at > 0 && is_word(text[at - 1]);
  if ((quote != '"' && quote != '\'') || digit_separator) return at;
  std::size_t end = at + 1;
  while (end < text.size() && text[end] != quote) end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

bool contains_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) {
      return true;
    }
  }
  return false;
}

enum class Block { scope, function, other };

// What the brace behind `head` opens; `head` is the code since the last brace or semicolon.
Block classify(std::string_view head) {
  while (!head.empty() && std::isspace(static_cast<unsigned char>(head.back())) != 0) {
    head.remove_suffix(1);
  }
  if (head.ends_with('=')) return Block::other;
  if (contains_word(head, "namespace") || head.starts_with("extern")) return Block::scope;
  if (head.find('(') != std::string_view::npos) return Block::function;
  constexpr std::array<std::string_view, 3> kScopes = {"class", "struct", "union"};
  const bool scope =
      std::ranges::any_of(kScopes, [&](auto word) { return contains_word(head, word); });
  return scope ? Block::scope : Block::other;
}

}  // namespace

std::string code_only(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_blank(text, at);
    const bool literal = end > at && text[at] != '/';
    // A literal keeps its quotes, so that `f("x")` still has an argument.
    for (std::size_t i = at + (literal ? 1 : 0); i + (literal ? 1 : 0) < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return code;
}

std::vector<FunctionBody> function_bodies(std::string_view code) {
  std::vector<FunctionBody> found;
  std::vector<Block> open;
  std::size_t head = 0;
  int line = 1;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const char c = code[at];
    if (c == '\n') ++line;
    if (c != '{' && c != '}' && c != ';') continue;
    const bool inside = !open.empty() && open.back() != Block::scope;
    if (c == '{') {
      open.push_back(inside ? Block::other : classify(code.substr(head, at - head)));
      if (!inside && open.back() == Block::function) found.push_back({line, 1});
    } else if (c == '}' && !open.empty()) {
      if (open.back() == Block::function) found.back().lines = line - found.back().first_line + 1;
      open.pop_back();
    }
    head = at + 1;
  }
  return found;
}

}  // namespace tally::tidy
