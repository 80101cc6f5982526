#include "bench/parsed_answer.h"

#include <charconv>

namespace tally::bench {
namespace {

bool read_number(std::string_view body, std::string_view key, std::uint64_t& value) {
  const std::size_t at = body.find(key);
  if (at == std::string_view::npos) return false;
  const char* digits = body.data() + at + key.size();
  return std::from_chars(digits, body.data() + body.size(), value).ec == std::errc{};
}

}  // namespace

std::optional<ParsedAnswer> parse_answer(std::string_view body) {
  ParsedAnswer answer;
  if (!read_number(body, "\"accepted\":", answer.accepted) ||
      !read_number(body, "\"first_seq\":", answer.first_seq) ||
      !read_number(body, "\"last_seq\":", answer.last_seq)) {
    return std::nullopt;
  }
  if (answer.last_seq + 1 != answer.first_seq + answer.accepted) return std::nullopt;
  return answer;
}

}  // namespace tally::bench
