#include "tests/store/segment/segment_line_styles.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "model/time.h"

namespace tally::tests {
namespace {

std::string padded(std::int64_t value, int width) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*lld", width, static_cast<long long>(value));
  return text.data();
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string trimmed(std::string digits) {
  while (digits.ends_with('0')) digits.pop_back();
  return digits;
}

}  // namespace

bool StyledLines::compact() const noexcept {
  return style_ != LineStyle::python && style_ != LineStyle::odd;
}

std::vector<std::string> StyledLines::lines(std::size_t count) {
  std::vector<std::string> lines;
  while (lines.size() < count) {
    // Now and then a line comes twice: a client that retries without a key.
    lines.push_back(!lines.empty() && one_in(50) ? lines.back() : line());
  }
  return lines;
}

std::string StyledLines::line() {
  const bool success = !one_in(5);
  const std::string container = one_in(4) ? "null" : word();
  const std::string error = success ? "null" : sentence();
  std::vector<std::string> members{member("timestamp", time()),
                                   member("service", word()),
                                   member("operation", quoted(one_in(2) ? "inspect" : "restart")),
                                   member("container", container),
                                   member("success", success ? "true" : "false"),
                                   member("error", error),
                                   member("metadata", metadata())};
  if (style_ == LineStyle::go) std::swap(members[0], members[6]);
  if (style_ == LineStyle::serde) std::swap(members[1], members[2]);
  if (style_ == LineStyle::odd && one_in(3)) members.erase(members.begin() + 5);
  std::string line = blank() + '{' + blank();
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) line += compact() ? "," : ", ";
    line += members[i];
  }
  return line + blank() + '}' + blank();
}

std::string StyledLines::time() {
  clock_ += static_cast<std::int64_t>(below(40'000'000));
  const std::int64_t late = static_cast<std::int64_t>(below(80'000'000));
  const UtcTime time{std::chrono::nanoseconds{clock_ - late}};
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const std::int64_t nanos = (time - second).count();
  const bool summer = style_ == LineStyle::go;
  std::string text = format_rfc3339(second + std::chrono::hours{summer ? 2 : 0});
  text.pop_back();
  switch (style_) {
    case LineStyle::python:
    case LineStyle::python_tight:
      if (!one_in(40)) text += '.' + padded(nanos / 1000, 6);
      return quoted(text + "+00:00");
    case LineStyle::go: {
      const std::string fraction = trimmed(padded(one_in(9) ? nanos / 1'000'000'0 : nanos, 9));
      return quoted(text + (fraction.empty() ? "" : '.' + fraction) + "+02:00");
    }
    case LineStyle::serde:
      return quoted(text + '.' + padded(nanos, 9) + 'Z');
    case LineStyle::javascript:
      return quoted(text + '.' + padded(nanos / 1'000'000, 3) + 'Z');
    case LineStyle::odd:
      break;
  }
  if (one_in(8)) text[10] = 't';
  const auto digits = static_cast<int>(below(10));
  if (digits > 0) text += '.' + padded(nanos, 9).substr(0, static_cast<std::size_t>(digits));
  constexpr std::array<std::string_view, 5> kZones{"Z", "z", "-00:00", "+05:45", "-23:59"};
  return quoted(text.append(kZones[below(kZones.size())]));
}

std::string StyledLines::number() {
  switch (below(style_ == LineStyle::odd ? 9 : 4)) {
    case 0:
      return std::to_string(below(100));
    case 1:
      return std::to_string(static_cast<std::int64_t>(random_()) >> below(60));
    case 2:
      return std::to_string(below(100'000)) + '.' +
             (one_in(9) ? "0" : trimmed(padded(static_cast<std::int64_t>(1 + below(999)), 3)));
    case 3:
      return style_ == LineStyle::javascript ? "1.5e+21" : "-" + std::to_string(1 + below(50));
    case 4:
      return std::to_string(below(1000)) + '.' + padded(static_cast<std::int64_t>(below(100)), 2);
    case 5:
      return "-0." + padded(static_cast<std::int64_t>(below(10)), 1 + static_cast<int>(below(20)));
    case 6:
      return "12345678901234567890123456789";
    case 7:
      return std::to_string(below(10)) + "E-" + std::to_string(below(400));
    default:
      return "-0";
  }
}

std::string StyledLines::hex(std::size_t digits) {
  const bool upper = style_ == LineStyle::odd && one_in(3);
  std::string text;
  while (text.size() < digits) text += (upper ? "0123456789ABCDEF" : "0123456789abcdef")[below(16)];
  return text;
}

std::string StyledLines::id() {
  if (style_ == LineStyle::serde) {
    return quoted(hex(8) + '-' + hex(4) + '-' + hex(4) + '-' + hex(4) + '-' + hex(12));
  }
  constexpr std::array<std::size_t, 6> kLengths{32, 32, 64, 16, 12, 33};
  return quoted(hex(kLengths[style_ == LineStyle::odd ? below(kLengths.size()) : 0]));
}

std::string StyledLines::word() {
  constexpr std::array<std::string_view, 6> kWords{
      "web", "edge-proxy-17", R"(a\"b\\)", R"(\u0061\ud83d\udc33)", "größe", "容器 🐳"};
  const std::size_t known = style_ == LineStyle::odd ? kWords.size() : 2;
  if (one_in(3)) return quoted("container-" + std::to_string(below(5000)));
  return quoted(kWords[below(known)]);
}

std::string StyledLines::sentence() {
  switch (below(5)) {
    case 0:
      return quoted("HTTP 404: no such container: web");
    case 1:
      return quoted("timeout after " + std::to_string(below(100)) + "s, attempt 007 of 010");
    case 2:
      return quoted("layer " + hex(64) + R"( \"missing\" at offset )" + std::to_string(random_()));
    case 3:
      return quoted("");
    default:
      return quoted(hex(4) + "-" + hex(12) + " edge-proxy-17 edge-proxy-17x");
  }
}

std::string StyledLines::metadata() {
  if (one_in(20)) return style_ == LineStyle::odd ? "{ \t}" : "null";
  std::string text = "{" + blank() + member("request_id", id());
  const std::string comma = compact() ? "," : ", ";
  if (!one_in(3)) text += comma + member("duration_ms", number());
  if (!one_in(3)) text += comma + member("ok", one_in(3) ? "null" : one_in(2) ? "true" : "false");
  if (one_in(3)) text += comma + member("note", sentence());
  if (one_in(4)) text += comma + member("image", word());
  if (one_in(6)) {
    text += comma + member("list", "[" + number() + "," + blank() + word() + ",[],{}]");
    text += comma + member("deep", "{" + member("er", "{" + member("id", id()) + "}") + "}");
  }
  return text + blank() + "}";
}

std::string StyledLines::blank() {
  if (style_ != LineStyle::odd || !one_in(6)) return "";
  constexpr std::array<std::string_view, 4> kBlanks{" ", "  ", "\t", "\r \t"};
  return std::string(kBlanks[below(kBlanks.size())]);
}

std::string StyledLines::member(std::string_view key, const std::string& value) {
  return quoted(key) + blank() + (compact() ? ":" : ": ") + blank() + value;
}

}  // namespace tally::tests
