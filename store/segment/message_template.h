#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tally::store {

/// A text taken apart: what writers of messages leave in place, and what they fill in. Numbers,
/// hex ids, and the container of the event become values; the rest is the template, in which marks
/// stand for them (kNumberMark, kIdMark with the number of bytes, kContainerMark).
struct Message {
  std::string pattern;
  std::vector<std::int64_t> numbers;
  std::string ids;  ///< bytes, one id after the other

  void clear();
};

/// Takes `text` apart, which is what stands between a JSON string's quotes. False if it has bytes
/// that JSON does not allow there: the marks would not be told from them.
bool take_apart(std::string_view text, std::string_view container, Message& message);

/// What a template needs to become a text again.
struct PatternNeeds {
  std::uint32_t numbers = 0;
  std::uint32_t id_bytes = 0;
};

/// Nothing else may follow a mark but what take_apart() writes; false if it does.
bool read_needs(std::string_view pattern, PatternNeeds& needs) noexcept;

/// What fills a template in, for writing; moved on by what was used.
struct MessageValues {
  const std::int64_t* numbers = nullptr;
  const char* ids = nullptr;
  std::string_view container;
};

/// The length of the text that write_message() gives at most.
std::size_t message_bytes_max(std::string_view pattern, const PatternNeeds& needs,
                              std::size_t container_bytes) noexcept;

/// Writes the text; returns its end. `values` has to hold what the template needs.
char* write_message(char* out, std::string_view pattern, MessageValues& values) noexcept;

}  // namespace tally::store
