#include "shipper/loki/query_answer.h"

#include <simdjson.h>

#include <charconv>
#include <chrono>
#include <optional>

namespace tally::shipper {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::array;
using simdjson::dom::element;

Error not_understood() {
  return {Errc::corruption, "Loki's answer to a query cannot be understood"};
}

template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number number{};
  const auto [read, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || read != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<void> read_stream(element stream, std::vector<FoundEntry>& into) {
  std::string_view text;
  array values;
  if (stream["stream"]["seq"].get_string().get(text) != SUCCESS) return not_understood();
  if (stream["values"].get_array().get(values) != SUCCESS) return not_understood();
  const auto sequence = read_number<std::uint64_t>(text);
  if (!sequence) return not_understood();
  for (const element value : values) {
    if (value.at(0).get_string().get(text) != SUCCESS) return not_understood();
    const auto nanoseconds = read_number<std::int64_t>(text);
    if (!nanoseconds) return not_understood();
    into.push_back({Sequence{*sequence}, UtcTime{std::chrono::nanoseconds{*nanoseconds}}});
  }
  return ok();
}

}  // namespace

Result<std::vector<FoundEntry>> read_query_answer(const std::string& json) {
  std::vector<FoundEntry> entries;
  simdjson::dom::parser parser;
  element answer;
  array streams;
  if (parser.parse(json).get(answer) != SUCCESS) return not_understood();
  if (answer["data"]["result"].get_array().get(streams) != SUCCESS) return not_understood();
  for (const element stream : streams) {
    TALLY_TRY(read_stream(stream, entries));
  }
  return entries;
}

}  // namespace tally::shipper
