#pragma once

#include <simdjson.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace tally::store {

/// simdjson's raw JSON of a value goes on to the next one: this cuts the white space between them.
inline std::string_view without_trailing_space(std::string_view json) {
  const auto last = json.find_last_not_of(" \t\r\n");
  return json.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// Gives the text of JSON strings as views: into the JSON itself where there is no escape, which is
/// nearly always, else into a buffer of its own. Views live until the next begin(). For the .cc
/// files of the readers only.
class JsonStrings {
 public:
  /// Starts over with the document `json`, whose strings text() is then asked for.
  void begin(std::string_view json) {
    end_ = json.data() + json.size();
    const std::size_t needed = json.size() + simdjson::SIMDJSON_PADDING;
    if (buffer_.size() < needed) buffer_.resize(needed);
    free_ = buffer_.data();
  }

  /// The text of the string whose first byte after the quote is `raw`; nothing if it never ends or
  /// an escape is wrong.
  std::optional<std::string_view> text(simdjson::ondemand::parser& parser,
                                       simdjson::ondemand::raw_json_string raw) {
    const char* start = raw.raw();
    const auto left = static_cast<std::size_t>(end_ - start);
    const auto* quote = static_cast<const char*>(std::memchr(start, '"', left));
    if (quote == nullptr) return std::nullopt;
    const std::string_view plain(start, static_cast<std::size_t>(quote - start));
    if (plain.find('\\') == std::string_view::npos) return plain;
    std::string_view unescaped;
    if (parser.unescape(raw, free_).get(unescaped) != simdjson::SUCCESS) return std::nullopt;
    return unescaped;
  }

 private:
  std::vector<std::uint8_t> buffer_;
  std::uint8_t* free_ = nullptr;  // unescaping never makes a string longer, so that this suffices
  const char* end_ = nullptr;
};

}  // namespace tally::store
