#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tally::ingest {

/// Where the JSON value that begins at `begin` ends: strings and brackets are followed, nothing
/// else is checked. npos if the text ends first.
std::size_t value_end(std::string_view text, std::size_t begin) noexcept;

/// What is wrong with an array around its elements.
enum class ArrayFlaw : std::uint8_t {
  none,
  missing_comma,    ///< before the element
  missing_element,  ///< before a comma or the closing bracket
  unclosed,         ///< the text ends after a whole element
  text_behind,      ///< behind the closing bracket
};

/// A piece of the array: [begin, end) of the text, without the blanks around it.
struct ArrayElement {
  std::size_t begin = 0;
  std::size_t end = 0;
  ArrayFlaw flaw = ArrayFlaw::none;
};

/// Cuts an array into its elements in one pass, whatever they are; a flaw costs one element, not
/// the ones that follow. The text must outlive the splitter.
class ArraySplitter {
 public:
  /// `begin`: behind the opening bracket.
  ArraySplitter(std::string_view text, std::size_t begin) noexcept : text_(text), at_(begin) {}

  std::optional<ArrayElement> next() noexcept;

 private:
  enum class Expect : std::uint8_t { element_or_end, element, comma_or_end, nothing };

  ArrayElement take(ArrayFlaw flaw) noexcept;
  std::optional<ArrayElement> finish() noexcept;
  std::optional<ArrayElement> end_of_text() noexcept;

  std::string_view text_;
  std::size_t at_;
  Expect expect_ = Expect::element_or_end;
};

}  // namespace tally::ingest
