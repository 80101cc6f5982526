#include "store/segment/time_spelling.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "model/time.h"

namespace tally::store {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;

constexpr std::array<std::int64_t, 10> kFractionUnits{
    kSecond, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The length of the zone's text at the end of a time.
std::size_t zone_length(std::string_view text) noexcept {
  return text.back() == 'Z' || text.back() == 'z' ? 1 : 6;
}

/// Whole digits and the zero that some writers strip: by the spelling alone, so that a column of
/// one writer's times mostly has one form.
std::uint8_t fraction_form(std::string_view digits) noexcept {
  const auto count = static_cast<std::uint8_t>(digits.size());
  if (count % 3 == 0 && count < 9) return count;
  return digits.back() == '0' ? count : TimeForm::kTrimmed;
}

/// Seconds and fraction, "09" or "09.592561", and what they come to.
struct SecondsPart {
  std::int64_t nanos = 0;
  std::uint8_t form = 0;
};

std::optional<SecondsPart> read_seconds(std::string_view text) noexcept {
  if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1]) || text[0] > '5') {
    return std::nullopt;
  }
  SecondsPart part{((text[0] - '0') * 10 + (text[1] - '0')) * kSecond, 0};
  if (text.size() == 2) return part;
  const std::string_view digits = text.substr(3);
  if (text[2] != '.' || digits.empty() || digits.size() > TimeForm::kFractionMax) {
    return std::nullopt;
  }
  std::int64_t fraction = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    fraction = fraction * 10 + (c - '0');
  }
  part.nanos += fraction * kFractionUnits[digits.size()];
  part.form = fraction_form(digits);
  return part;
}

/// 32 bits, which divide twice as fast and hold nine digits.
char* write_digits(char* out, std::uint32_t value, std::size_t width) noexcept {
  for (std::size_t i = width; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + width;
}

}  // namespace

std::optional<SpelledTime> TimeReader::read(std::string_view text) noexcept {
  if (text.size() < kPrefixLength + 3) return std::nullopt;
  const std::size_t zone = zone_length(text);
  if (zone != zone_length_ || std::memcmp(text.data(), prefix_.data(), kPrefixLength) != 0 ||
      std::memcmp(text.data() + text.size() - zone, zone_.data(), zone) != 0) {
    return read_new(text);
  }
  const auto seconds = read_seconds(text.substr(kPrefixLength, text.size() - kPrefixLength - zone));
  if (!seconds) return std::nullopt;
  return SpelledTime{
      minute_utc_ + seconds->nanos, {seconds->form, prefix_[10] == 't', offset_minutes_}, zone};
}

std::optional<SpelledTime> TimeReader::read_new(std::string_view text) noexcept {
  const auto time = parse_rfc3339(text);
  if (!time) return std::nullopt;
  const std::size_t zone = zone_length(text);
  const auto seconds = read_seconds(text.substr(kPrefixLength, text.size() - kPrefixLength - zone));
  if (!seconds) return std::nullopt;
  std::copy_n(text.begin(), kPrefixLength, prefix_.begin());
  std::copy_n(text.end() - static_cast<std::ptrdiff_t>(zone), zone, zone_.begin());
  zone_length_ = zone;
  minute_utc_ = time->utc.time_since_epoch().count() - seconds->nanos;
  offset_minutes_ = static_cast<std::int16_t>(time->offset.count());
  return SpelledTime{
      minute_utc_ + seconds->nanos, {seconds->form, prefix_[10] == 't', offset_minutes_}, zone};
}

char* TimeWriter::write(char* out, std::int64_t utc, const TimeForm& form) noexcept {
  // parse_rfc3339 accepts local times from 1970 up to here; what is outside was never written.
  constexpr std::int64_t kEnd = 9'214'646'400 * kSecond;
  constexpr std::int64_t kDay = 1440 * kMinute;
  const std::int64_t near = std::clamp<std::int64_t>(utc, -kDay, kEnd + kDay);
  const std::int64_t local =
      std::clamp<std::int64_t>(near + form.offset_minutes * kMinute, 0, kEnd - 1);
  if (local / kMinute != minute_) remember(local / kMinute);
  std::memcpy(out, prefix_.data(), prefix_.size());
  if (form.lower_t) out[10] = 't';
  const std::int64_t nanos = local % kMinute;
  out = write_digits(out + 17, static_cast<std::uint32_t>(nanos / kSecond), 2);
  const auto fraction = static_cast<std::uint32_t>(nanos % kSecond);
  if (form.fraction == 0 || (form.fraction == TimeForm::kTrimmed && fraction == 0)) return out;
  *out++ = '.';
  if (form.fraction == TimeForm::kTrimmed) {
    out = write_digits(out, fraction, 9);
    while (out[-1] == '0') --out;
    return out;
  }
  return write_digits(out, fraction / static_cast<std::uint32_t>(kFractionUnits[form.fraction]),
                      form.fraction);
}

void TimeWriter::remember(std::int64_t minute) noexcept {
  namespace chr = std::chrono;
  const chr::sys_time<chr::minutes> time{chr::minutes{minute}};
  const auto day = chr::floor<chr::days>(time);
  const chr::year_month_day date{day};
  const chr::hh_mm_ss clock{time - day};
  char* out =
      write_digits(prefix_.data(), static_cast<std::uint32_t>(static_cast<int>(date.year())), 4);
  *out++ = '-';
  out = write_digits(out, static_cast<unsigned>(date.month()), 2);
  *out++ = '-';
  out = write_digits(out, static_cast<unsigned>(date.day()), 2);
  *out++ = 'T';
  out = write_digits(out, static_cast<std::uint32_t>(clock.hours().count()), 2);
  *out++ = ':';
  out = write_digits(out, static_cast<std::uint32_t>(clock.minutes().count()), 2);
  *out++ = ':';
  minute_ = minute;
}

}  // namespace tally::store
