#include "model/time.h"

#include <array>
#include <cstdint>

namespace tally {
namespace {

using std::chrono::minutes;
using std::chrono::nanoseconds;

constexpr int kYearMin = 1970;
constexpr int kYearMax = 2261;  // The last whole year that 64 bits of nanoseconds reach.

/// Reads a text from the left; every step that does not fit makes `ok` false and stays there.
struct Reader {
  std::string_view rest;
  bool ok = true;

  int digits(std::size_t count) noexcept {
    int value = 0;
    if (rest.size() < count) return fail();
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest[i])) return fail();
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    return value;
  }

  void expect(char lower, char upper) noexcept {
    if (rest.empty() || (rest[0] != lower && rest[0] != upper)) {
      fail();
      return;
    }
    rest.remove_prefix(1);
  }

  bool skip(char c) noexcept {
    if (!ok || rest.empty() || rest[0] != c) return false;
    rest.remove_prefix(1);
    return true;
  }

  static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

  int fail() noexcept {
    ok = false;
    return 0;
  }
};

std::int64_t read_fraction(Reader& in) noexcept {
  if (!in.skip('.')) return 0;
  std::int64_t nanos = 0;
  std::size_t count = 0;
  for (; count < in.rest.size() && Reader::is_digit(in.rest[count]); ++count) {
    if (count == 9) return in.fail();
    nanos = nanos * 10 + (in.rest[count] - '0');
  }
  if (count == 0) return in.fail();
  in.rest.remove_prefix(count);
  for (std::size_t i = count; i < 9; ++i) nanos *= 10;
  return nanos;
}

minutes read_offset(Reader& in) noexcept {
  if (in.skip('Z') || in.skip('z')) return minutes{0};
  const bool west = in.skip('-');
  if (!west) in.expect('+', '+');
  const int hour = in.digits(2);
  in.expect(':', ':');
  const int minute = in.digits(2);
  if (hour > 23 || minute > 59) in.fail();
  const minutes offset{hour * 60 + minute};
  return west ? -offset : offset;
}

void append_digits(std::string& out, std::int64_t value, std::size_t width) {
  std::array<char, 20> text{};
  for (std::size_t i = width; i-- > 0; value /= 10) text[i] = static_cast<char>('0' + value % 10);
  out.append(text.data(), width);
}

void append_fraction(std::string& out, std::int64_t nanos) {
  if (nanos == 0) return;
  out += '.';
  if (nanos % 1'000'000 == 0) return append_digits(out, nanos / 1'000'000, 3);
  if (nanos % 1'000 == 0) return append_digits(out, nanos / 1'000, 6);
  append_digits(out, nanos, 9);
}

void append_offset(std::string& out, minutes offset) {
  if (offset == minutes{0}) {
    out += 'Z';
    return;
  }
  out += offset < minutes{0} ? '-' : '+';
  const auto size = std::chrono::abs(offset).count();
  append_digits(out, size / 60, 2);
  out += ':';
  append_digits(out, size % 60, 2);
}

}  // namespace

std::optional<Timestamp> parse_rfc3339(std::string_view text) noexcept {
  namespace chr = std::chrono;
  Reader in{text};
  const int year = in.digits(4);
  in.expect('-', '-');
  const int month = in.digits(2);
  in.expect('-', '-');
  const int day = in.digits(2);
  in.expect('t', 'T');
  const int hour = in.digits(2);
  in.expect(':', ':');
  const int minute = in.digits(2);
  in.expect(':', ':');
  const int second = in.digits(2);
  const std::int64_t nanos = read_fraction(in);
  const minutes offset = read_offset(in);
  if (!in.ok || !in.rest.empty()) return std::nullopt;
  if (year < kYearMin || year > kYearMax || hour > 23 || minute > 59 || second > 59) {
    return std::nullopt;
  }
  const chr::year_month_day date{chr::year{year}, chr::month{static_cast<unsigned>(month)},
                                 chr::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const UtcTime local = chr::sys_days{date} + chr::hours{hour} + minutes{minute} +
                        chr::seconds{second} + nanoseconds{nanos};
  return Timestamp{local - offset, offset};
}

std::string format_rfc3339(UtcTime time, minutes offset) {
  namespace chr = std::chrono;
  const UtcTime local = time + offset;
  const auto day = chr::floor<chr::days>(local);
  const chr::year_month_day date{day};
  const chr::hh_mm_ss clock{local - day};
  std::string out;
  out.reserve(36);
  append_digits(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_digits(out, clock.hours().count(), 2);
  out += ':';
  append_digits(out, clock.minutes().count(), 2);
  out += ':';
  append_digits(out, clock.seconds().count(), 2);
  append_fraction(out, clock.subseconds().count());
  append_offset(out, offset);
  return out;
}

}  // namespace tally
