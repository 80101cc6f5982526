#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace tally::ingest {

/// A token's place: the offset of its first byte in the text that was indexed. Tokens are brackets,
/// colons, commas, strings (by their opening quote) and whatever else is not white space.
using Token = std::uint32_t;

/// The content, as it is written, of the string at `token`; another token (or the end) must follow.
inline std::string_view string_text(const char* text, const Token* token) noexcept {
  // Only white space can lie between the closing quote and the next token.
  Token end = token[1] - 1;
  while (text[end] != '"') --end;
  return {text + *token + 1, end - *token - 1};
}

/// Finds the tokens of JSON text with simdjson's first stage, and nothing else: no document, no
/// grammar. Not thread-safe; keeps its memory, so that a warm one allocates nothing.
class StructuralIndex {
 public:
  /// Indexes texts of up to `bytes_max` bytes.
  explicit StructuralIndex(std::size_t bytes_max);
  ~StructuralIndex();
  StructuralIndex(const StructuralIndex&) = delete;
  StructuralIndex& operator=(const StructuralIndex&) = delete;

  /// False if `text` is not UTF-8 throughout, has a control character in a string, or a string
  /// without an end. Then, and only then, there are no tokens. On success no string contains a line
  /// end, so that each line's tokens are what that line alone would have given.
  bool build(std::string_view text);

  /// The tokens in order, and behind them one more that is the length of the text.
  const Token* tokens() const noexcept;
  std::size_t count() const noexcept;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace tally::ingest
