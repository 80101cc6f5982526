#include "tests/ingest/event_line_generator.h"

#include <algorithm>

namespace tally::tests {
namespace {

std::string two_digits(std::size_t value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  while (count-- > 0) out += text;
  return out;
}

}  // namespace

std::string EventLineGenerator::good_line() { return join(good_members()); }

std::string EventLineGenerator::mutated_line() {
  Members members = good_members();
  const std::size_t changes = 1 + below(2);
  const bool in_bytes = one_in(2);
  for (std::size_t i = 0; i < changes && !in_bytes; ++i) change_members(members);
  std::string line = join(members);
  for (std::size_t i = 0; i < changes && in_bytes; ++i) change_bytes(line);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

EventLineGenerator::Members EventLineGenerator::good_members() {
  static constexpr std::string_view kServices[] = {R"("container-engine")", R"("health-monitor")",
                                                   R"("größe")", R"("a\"b\\c\/d")",
                                                   R"("\u0061\uD83D\uDC33")"};
  static constexpr std::string_view kOperations[] = {R"("list")", R"("inspect")", R"("restart")",
                                                     R"("network_create")"};
  static constexpr std::string_view kContainers[] = {"null", R"("web")", R"("")", R"("容器 🐳")"};
  static constexpr std::string_view kErrors[] = {"null", R"("no such container: \"web\"")",
                                                 R"("")"};
  Members members = {{R"("timestamp")", good_time()},
                     {R"("service")", pick(kServices)},
                     {R"("operation")", pick(kOperations)}};
  if (!one_in(4)) members.emplace_back(R"("container")", pick(kContainers));
  members.emplace_back(R"("success")", one_in(4) ? "false" : "true");
  if (!one_in(4)) members.emplace_back(R"("error")", pick(kErrors));
  if (!one_in(4)) members.emplace_back(R"("metadata")", good_metadata());
  if (one_in(4)) std::shuffle(members.begin(), members.end(), random_);
  return members;
}

std::string EventLineGenerator::good_time() {
  static constexpr std::string_view kFractions[] = {"", ".5", ".592", ".592561", ".592561123"};
  static constexpr std::string_view kZones[] = {"+00:00", "Z", "z", "-08:00", "+05:30", "+23:59"};
  return "\"20" + two_digits(below(100)) + '-' + two_digits(1 + below(12)) + '-' +
         two_digits(1 + below(28)) + (one_in(8) ? 't' : 'T') + two_digits(below(24)) + ':' +
         two_digits(below(60)) + ':' + two_digits(below(60)) + pick(kFractions) + pick(kZones) +
         '"';
}

std::string EventLineGenerator::good_metadata() {
  static constexpr std::string_view kChoices[] = {
      "null",
      "{}",
      R"({"count": 20})",
      R"({"duration_ms": -12.5e3, "request_id": "0123456789abcdef0123456789abcdef"})",
      R"({"a": [1, 2.5, -0, 1E+5, 12345678901234567890123456789, true, null, "x", {}, []]})",
      R"({"a": {"a": {"a": "a"}}, "b": {"a": [[], [{}]]}})",
      R"({"a b": 1, "": 2, "\u0000": 3, "\n": 4, "é": 5})",
      "{\"k\": \"\x7f\xE2\x80\xA8\"}",
  };
  if (one_in(16)) return nested(29 + below(3));
  if (!one_in(16)) return pick(kChoices);
  std::string many = "{";
  const std::size_t count = 1 + below(40);
  for (std::size_t i = 0; i < count; ++i) {
    many += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  }
  return many + '}';
}

/// An object that is `levels` levels deep.
std::string EventLineGenerator::nested(std::size_t levels) {
  return repeated(R"({"n":)", levels - 1) + "{}" + repeated("}", levels - 1);
}

std::string EventLineGenerator::join(const Members& members) {
  static constexpr std::string_view kBlanks[] = {"", " ", "\t", "  ", "\r", " \t "};
  // Most writers put the same blanks everywhere; some lines have any.
  const bool wild = one_in(8);
  const std::string colon = one_in(2) ? ": " : ":";
  const std::string comma = one_in(2) ? ", " : ",";
  const auto blank = [&] { return wild ? pick(kBlanks) : std::string(); };
  std::string line = blank() + '{' + blank();
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) line += blank() + comma;
    line += members[i].first + blank() + colon + blank() + members[i].second;
  }
  return line + blank() + '}' + blank();
}

void EventLineGenerator::change_members(Members& members) {
  static constexpr std::string_view kKeys[] = {
      R"("timestamp")",  R"("service")", R"("Service")",  R"("servce")",
      R"("extra")",      R"("")",        R"("metadata")", R"("con\u0074ainer")",
      R"("\u0065rror")", "service",      R"('error')"};
  const std::size_t at = below(members.size());
  switch (below(6)) {
    case 0:
      members.erase(members.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    case 1:
      members.push_back(members[at]);
      return;
    case 2:
      members[at].first = pick(kKeys);
      return;
    case 3:
      members.emplace_back(pick(kKeys), odd_value());
      return;
    default:
      return change_value(members);
  }
}

void EventLineGenerator::change_value(Members& members) {
  auto& [key, value] = members[below(members.size())];
  if (key == R"("timestamp")" && !one_in(4)) {
    value = '"' + odd_time() + '"';
  } else if (one_in(2)) {
    value = odd_string();
  } else {
    value = odd_value();
  }
}

std::string EventLineGenerator::odd_value() {
  static constexpr std::string_view kChoices[] = {"null",
                                                  "true",
                                                  "false",
                                                  "0",
                                                  "-1",
                                                  "\"x\"",
                                                  "{}",
                                                  "[]",
                                                  "\"\"",
                                                  "01",
                                                  "1.",
                                                  ".5",
                                                  "1e",
                                                  "+1",
                                                  "-",
                                                  "1e400",
                                                  "0x10",
                                                  "NaN",
                                                  "Infinity",
                                                  "True",
                                                  "nul",
                                                  "truee",
                                                  "",
                                                  "'x'",
                                                  "[1,]",
                                                  "[,1]",
                                                  R"({"a":1,})",
                                                  R"({"a" 1})",
                                                  R"({"a":1 "b":2})",
                                                  R"({"a":1,"a":2})",
                                                  R"([{"b":1,"\u0062":2}])",
                                                  R"({"a":[1}])",
                                                  "{",
                                                  "[",
                                                  "}",
                                                  "1 2",
                                                  "\"a\"\"b\"",
                                                  "{\"a\":1}{}",
                                                  "12345e-99999",
                                                  "-0.0e-0"};
  if (one_in(8)) return nested(1 + below(40));
  if (one_in(8)) return R"({"a":)" + repeated("[", 30 + below(3)) + repeated("]", 31) + '}';
  return pick(kChoices);
}

std::string EventLineGenerator::odd_time() {
  static constexpr std::string_view kChoices[] = {"2026-01-23 21:55:09Z",
                                                  "2026-01-23T21:55:09",
                                                  "2026-01-23T21:55:60Z",
                                                  "2016-12-31T23:59:60Z",
                                                  "2026-02-29T00:00:00Z",
                                                  "2028-02-29T00:00:00Z",
                                                  "1969-12-31T23:59:59Z",
                                                  "2262-01-01T00:00:00Z",
                                                  "2261-12-31T23:59:59.999999999Z",
                                                  "1970-01-01T00:00:00Z",
                                                  "0000-01-01T00:00:00Z",
                                                  "2026-01-23T21:55:09.1234567890Z",
                                                  "2026-01-23T21:55:09.Z",
                                                  "2026-01-23T21:55:09,5Z",
                                                  "2026-01-23T21:55:09+0000",
                                                  "2026-01-23T21:55:09+00",
                                                  "2026-01-23T21:55:09+24:00",
                                                  "2026-01-23T24:00:00Z",
                                                  "2026-01-23",
                                                  "21:55:09Z",
                                                  "",
                                                  " 2026-01-23T21:55:09Z",
                                                  "now",
                                                  "2026-01-23T21:55:09\\u005a",
                                                  "2026-01-23T21:55:09\\u0020",
                                                  "2026-13-01T00:00:00Z",
                                                  "2026-01-32T00:00:00Z",
                                                  "2026-04-31T00:00:00Z",
                                                  "2026-01-23T21:60:00Z",
                                                  "20260123T215509Z",
                                                  "2026-01-23T21:55Z",
                                                  "\u0662026-01-23T21:55:09Z",
                                                  "2026-01-23T21:55:09-00:00",
                                                  "2026-01-23T21:55:09+00:60",
                                                  "2026-01-23T2:55:09Z",
                                                  "2026-01-23T21:55:09.5z"};
  return pick(kChoices);
}

std::string EventLineGenerator::odd_string() {
  static constexpr std::string_view kChoices[] = {R"("\ud800")",
                                                  R"("\udc00")",
                                                  R"("\ud83d\udc33")",
                                                  R"("\ud83d\ud83d")",
                                                  R"("\ud83dx")",
                                                  R"("\x")",
                                                  R"("\u12g4")",
                                                  R"("\u12")",
                                                  R"("\")",
                                                  R"("a\)",
                                                  R"("\u0000")",
                                                  "\"\t\"",
                                                  "\"\x01\"",
                                                  "\"\xff\"",
                                                  "\"\xC0\x80\"",
                                                  "\"\xED\xA0\x80\"",
                                                  "\"\xF4\x90\x80\x80\"",
                                                  "\"\xE2\x82\"",
                                                  "\"\xEF\xBB\xBF\"",
                                                  "\"\xF0\x9F\x90\xB3\"",
                                                  "\"",
                                                  "\"open"};
  static constexpr std::string_view kLetters[] = {"x",   "é",       "🐳",
                                                  "\\n", "\\u00e9", "\\ud83d\\udc33"};
  static constexpr std::size_t kLengths[] = {255, 256, 257, 511, 512, 513};
  if (one_in(3)) return '"' + repeated(pick(kLetters), kLengths[below(6)]) + '"';
  return pick(kChoices);
}

void EventLineGenerator::change_bytes(std::string& line) {
  static constexpr char kBytes[] = "{}[]:,\"\\' \t\r0123456789-+.eEuntrfalsdbx\xff\xC3\xA9\0\f\x1a";
  const std::size_t at = below(line.size());
  const char byte = kBytes[below(sizeof(kBytes) - 1)];
  switch (below(8)) {
    case 0:
      line[at] = byte;
      return;
    case 1:
      line.insert(line.begin() + static_cast<std::ptrdiff_t>(at), byte);
      return;
    case 2:
      line.erase(at, 1 + below(3));
      break;
    case 3:
      line.resize(at);
      break;
    case 4:
      line += line;
      return;
    case 5:
      line.insert(at, line.substr(below(line.size()), below(8)));
      return;
    case 6:
      line[at] = static_cast<char>(line[at] ^ (1 << below(8)));
      return;
    default:
      line = (one_in(2) ? "\xEF\xBB\xBF" : ",") + line;
      return;
  }
  if (line.empty()) line = "{";
}

}  // namespace tally::tests
