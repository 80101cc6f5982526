#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// Steps of reading JSON text that is known to be nearly valid. Safe from any thread.
namespace tally::store {

/// The quote that ends a string, from a place behind its opening quote; nullptr if there is none.
const char* find_closing_quote(const char* begin, const char* end) noexcept;

/// The next string in `text`, without its quotes; `text` is what follows it then.
std::optional<std::string_view> next_string(std::string_view& text) noexcept;

/// Whether a value of the JSON text, at any depth, is a string that is written like this; keys do
/// not count.
bool has_string_value(std::string_view json, std::string_view text) noexcept;

/// Where the characters end that numbers are made of.
const char* find_number_end(const char* begin, const char* end) noexcept;

/// One of false, true and null, numbered in this order.
struct Truth {
  std::int64_t number = 0;
  std::size_t length = 0;
};
inline constexpr std::string_view kTruths[] = {"false", "true", "null"};

/// What `text` begins with, if it is one of them.
std::optional<Truth> read_truth(std::string_view text) noexcept;

}  // namespace tally::store
