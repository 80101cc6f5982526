#include "shipper/loki/loki_answer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tally::shipper {
namespace {

constexpr std::size_t kExcerptBytes = 300;

// Parts of Loki's own messages, lower case. What concerns an entry's time:
constexpr std::string_view kTimes[] = {
    "entry too far behind",
    "has timestamp too old",
    "has timestamp too new",
    "entry out of order",
};

// What concerns an entry itself.
constexpr std::string_view kEntries[] = {
    "max entry size",
    "structured metadata too large",
    "label value too long",
};

// What concerns all there is, until somebody changes a configuration, theirs or ours.
constexpr std::string_view kConfigurations[] = {
    "label names; limit",
    "label name too long",
    "duplicate label name",
    "error parsing labels",
    "at least one label pair",
    "missing required labels",
    "structured metadata, but this feature is disallowed",
    "too many structured metadata labels",
    "stream limit exceeded",
    "ingestion blocked",
    "org id",
    "tenant id",
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

template <std::size_t n>
bool has_any(std::string_view text, const std::string_view (&parts)[n]) {
  return std::ranges::any_of(parts,
                             [&](std::string_view part) { return text.find(part) != text.npos; });
}

/// The number that ends before `end`.
std::size_t number_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9') --begin;
  std::size_t number = 0;
  std::from_chars(text.data() + begin, text.data() + end, number);
  return number;
}

/// "100 errors like: …; 1 errors like: …" of the distributor, and of the ingester for each stream
/// "total ignored: 3 out of 10".
std::size_t refused_count(std::string_view text) {
  constexpr std::string_view kIgnored = "total ignored: ";
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(" errors like: ", at)) != text.npos; ++at) {
    count += number_before(text, at);
  }
  for (std::size_t at = 0; (at = text.find(kIgnored, at)) != text.npos; ++at) {
    const std::size_t end = text.find(' ', at + kIgnored.size());
    if (end != text.npos) count += number_before(text, end);
  }
  return count;
}

void read_refusal(std::string_view body, LokiAnswer& answer) {
  const std::string text = lower(body);
  answer.verdict = has_any(text, kConfigurations) ? Verdict::stop : Verdict::refused;
  answer.late = has_any(text, kTimes) && !has_any(text, kEntries);
  answer.known = has_any(text, kTimes) || has_any(text, kEntries);
  answer.refused_count = refused_count(text);
}

/// "Per stream rate limit exceeded (limit: 3MB/sec) while …"; Loki's units are powers of 1024.
std::uint64_t stream_limit(std::string_view body) {
  constexpr std::string_view kLimit = "per stream rate limit exceeded (limit: ";
  const std::string text = lower(body.substr(0, kExcerptBytes));
  const std::size_t at = text.find(kLimit);
  if (at == text.npos) return 0;
  const char* const end = text.data() + text.size();
  double number = 0;
  const auto read = std::from_chars(text.data() + at + kLimit.size(), end, number);
  if (read.ec != std::errc{} || read.ptr == end) return 0;
  constexpr std::string_view kUnits = "bkmgt";
  const std::size_t unit = kUnits.find(*read.ptr);
  if (unit == kUnits.npos) return 0;
  constexpr double kMost = 1e15;
  number *= std::pow(1024, static_cast<double>(unit));
  return static_cast<std::uint64_t>(std::clamp(number, 0.0, kMost));
}

Verdict verdict_of(int status) noexcept {
  switch (status) {
    case 204:
      return Verdict::stored;
    case 400:
      return Verdict::refused;
    case 413:
      return Verdict::split;
    case 408:
    case 425:
    case 429:
    case 499:
      return Verdict::retry;
    default:
      return status >= 500 ? Verdict::retry : Verdict::stop;
  }
}

/// What to do about an answer that no wait can heal.
std::string_view remedy(int status) {
  switch (status) {
    case 401:
    case 403:
      return "look at tenant, user and password_file, or token_file";
    case 404:
      return "look at the URL's path: it has to be what stands before /loki/api/v1/push";
    case 260:
      return "ingestion is blocked there: ask its administrator";
    default:
      if (status / 100 == 2) return "only 204 says that the events are stored: is this Loki?";
      if (status / 100 == 3) return "use the address that it leads to";
      return "look at its limits, and at this sink's labels";
  }
}

}  // namespace

LokiAnswer read_answer(const net::ClientResponse& response) {
  LokiAnswer answer;
  answer.verdict = verdict_of(response.status);
  answer.retry_after = response.retry_after;
  if (answer.verdict == Verdict::stored) return answer;
  if (answer.verdict == Verdict::refused) read_refusal(response.body, answer);
  if (response.status == 429) answer.stream_bytes_per_second = stream_limit(response.body);
  answer.reason = "HTTP " + std::to_string(response.status);
  const std::string excerpt = printable_excerpt(response.body);
  if (!excerpt.empty()) answer.reason += ": " + excerpt;
  if (answer.verdict == Verdict::stop) {
    answer.reason += "; " + std::string(remedy(response.status));
  }
  return answer;
}

bool may_pass(int status) noexcept { return verdict_of(status) == Verdict::retry; }

std::string printable_excerpt(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kExcerptBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte >= 0x7f ? ' ' : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace tally::shipper
