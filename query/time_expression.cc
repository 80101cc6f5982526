#include "query/time_expression.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace tally::query {
namespace {

namespace chr = std::chrono;
using chr::nanoseconds;

constexpr std::string_view kTimeForms =
    "write a time as 2026-01-23T21:55:09Z, 2026-01-23, \"2026-01-23 21:55\", "
    "\"2026-01-23 21:55:09.123\", 1h or -1h (ago), 1h30m, 2d, now, today or yesterday";
constexpr std::string_view kDurationForms =
    "write a duration as 500ms, 30s, 5m, 1h, 1h30m, 2d or 1w";

struct Unit {
  std::string_view name;
  nanoseconds length;
};

// "ms" stands before "m", of which it is a longer spelling.
constexpr std::array kUnits{
    Unit{"ms", chr::milliseconds{1}}, Unit{"s", chr::seconds{1}}, Unit{"m", chr::minutes{1}},
    Unit{"h", chr::hours{1}},         Unit{"d", chr::hours{24}},  Unit{"w", chr::hours{24 * 7}},
};

constexpr nanoseconds kDurationMax = chr::hours{24 * 366 * 250};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes a decimal number off the front of `text`; nothing if there is none, or one of more than
/// twelve digits.
std::optional<std::int64_t> take_number(std::string_view& text) noexcept {
  std::size_t count = 0;
  std::int64_t value = 0;
  for (; count < text.size() && is_digit(text[count]); ++count) {
    if (count == 12) return std::nullopt;
    value = value * 10 + (text[count] - '0');
  }
  text.remove_prefix(count);
  return count == 0 ? std::nullopt : std::optional(value);
}

std::optional<nanoseconds> read_duration(std::string_view text) noexcept {
  nanoseconds sum{0};
  while (!text.empty()) {
    const auto number = take_number(text);
    const auto* unit = std::find_if(kUnits.begin(), kUnits.end(),
                                    [&](const Unit& u) { return text.starts_with(u.name); });
    if (!number || unit == kUnits.end()) return std::nullopt;
    if (*number > (kDurationMax - sum) / unit->length) return std::nullopt;
    sum += *number * unit->length;
    text.remove_prefix(unit->name.size());
  }
  return sum == nanoseconds{0} ? std::nullopt : std::optional(sum);
}

/// A calendar reading without zone, brought into RFC 3339 so that one parser knows what a date is.
std::optional<LocalTime> read_local(std::string_view text) {
  constexpr std::string_view kMidnight = "T00:00:00";
  std::string whole(text.substr(0, 10));
  if (text.size() == 10) {
    whole += kMidnight;
  } else if (text[10] == ' ' || text[10] == 'T' || text[10] == 't') {
    whole += 'T';
    whole += text.substr(11);
    if (text.size() == 16) whole += ":00";
  }
  const auto time = parse_rfc3339(whole + "Z");
  if (!time) return std::nullopt;
  return LocalTime{time->utc.time_since_epoch()};
}

std::optional<UtcTime> read_word(std::string_view text, UtcTime now, Zone& zone) noexcept {
  if (text == "now") return now;
  const auto today = chr::floor<chr::days>(zone.to_local(now));
  if (text == "today") return zone.to_utc(today);
  if (text == "yesterday") return zone.to_utc(today - chr::days{1});
  return std::nullopt;
}

Error not_understood(std::string_view text, std::string_view forms) {
  return Error{Errc::invalid,
               "'" + std::string(text) + "' is not understood: " + std::string(forms)};
}

}  // namespace

Result<UtcTime> parse_time_expression(std::string_view text, UtcTime now, Zone zone) {
  if (const auto time = parse_rfc3339(text)) return time->utc;
  if (const auto time = read_word(text, now, zone)) return *time;
  if (text.size() >= 10 && text[4] == '-') {
    if (const auto time = read_local(text)) return zone.to_utc(*time);
  }
  const auto ago = read_duration(text.starts_with('-') ? text.substr(1) : text);
  if (ago && *ago <= now.time_since_epoch()) return now - *ago;
  return not_understood(text, kTimeForms);
}

Result<nanoseconds> parse_duration(std::string_view text) {
  const auto duration = read_duration(text);
  if (!duration) return not_understood(text, kDurationForms);
  return *duration;
}

}  // namespace tally::query
