#include "shipper/letter_text.h"

#include <simdjson.h>

#include <utility>

#include "model/json_text.h"

namespace tally::shipper {
namespace {

constexpr std::string_view kFirstKey = R"({"seq":)";

std::optional<UtcTime> read_time(simdjson::dom::object from, const char* key) {
  std::string_view text;
  if (from[key].get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  const auto time = parse_rfc3339(text);
  return time ? std::optional(time->utc) : std::nullopt;
}

bool read_text(simdjson::dom::object from, const char* key, std::string& into) {
  std::string_view text;
  if (from[key].get_string().get(text) != simdjson::SUCCESS) return false;
  into = text;
  return true;
}

}  // namespace

std::string letter_text(const DeadLetter& letter, UtcTime now) {
  std::string text(kFirstKey);
  text += std::to_string(to_number(letter.sequence));
  text += R"(,"received":")" + format_rfc3339(letter.received);
  text += R"(","refused":")" + format_rfc3339(now) + R"(","reason":)";
  append_json_string(text, letter.reason);
  text += R"(,"line":)";
  append_json_string(text, letter.line);
  return text + "}\n";
}

std::optional<DeadLetter> read_letter(std::string_view text) {
  DeadLetter letter;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text).get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
  std::uint64_t number = 0;
  if (object["seq"].get_uint64().get(number) != simdjson::SUCCESS || number == 0) {
    return std::nullopt;
  }
  letter.sequence = Sequence{number};
  // Letters of before there was a time of receipt in them have the other one only.
  auto received = read_time(object, "received");
  if (!received) received = read_time(object, "refused");
  const bool whole = received && read_text(object, "reason", letter.reason) &&
                     read_text(object, "line", letter.line);
  if (!whole || letter.line.find('\n') != std::string::npos) return std::nullopt;
  letter.received = *received;
  return letter;
}

Result<std::vector<std::string>> read_letter_lines(store::FileSystem& files,
                                                   const store::Path& path) {
  std::vector<std::string> lines;
  const auto opened = files.open(path, store::OpenMode::read);
  if (!opened && opened.error().code == Errc::not_found) return lines;
  if (!opened) return opened.error();
  TALLY_TRY(const std::uint64_t size, opened.value()->size());
  std::string text(size, '\0');
  TALLY_TRY(const std::size_t read, opened.value()->read_at(0, text));
  std::string_view rest = std::string_view(text).substr(0, read);
  for (std::size_t end = 0; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
    lines.emplace_back(rest.substr(0, end));
  }
  return lines;
}

}  // namespace tally::shipper
