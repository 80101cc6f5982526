#include "shipper/loki/loki_inquiry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string_view>
#include <utility>

#include "net/percent_encoding.h"
#include "shipper/loki/loki_answer.h"

namespace tally::shipper {
namespace {

constexpr Backoff::Duration kWaitMost{30'000};

/// Who is told to stay away for longer ends instead.
constexpr std::chrono::seconds kRetryAfterMost{120};

/// Why a question has no answer.
struct Failure {
  Error error;
  std::string_view remedy{};  ///< what to do where it does not pass
  bool passes = false;        ///< the same question may be answered later
  bool unanswered = false;    ///< the connection broke, or it took too long
  std::chrono::seconds least{0};
};

/// Loki wants one matcher that not every stream passes: one of a label that all of ours have.
std::string selector_of(const LokiMapping& mapping) {
  std::string label;
  if (mapping.success_label) {
    label = "success";
  } else if (mapping.service_label) {
    label = "service";
  } else if (mapping.operation_label) {
    label = "operation";
  } else {
    label = mapping.labels.front().first;
  }
  return "{" + label + "=~\".+\"}";
}

std::string_view remedy(int status) {
  switch (status) {
    case 400:
    case 422:
      return "see to Loki's limits for queries (limits_config)";
    case 401:
    case 403:
      return "look at tenant, user and password_file, or token_file";
    case 404:
      return "only Loki itself can be asked, by its query_range";
    case 429:
      return "see to Loki's limits for queries, or ask again later";
    default:
      if (status >= 500) return "look at Loki, and ask again when it is well";
      return "look at the URL: is this Loki?";
  }
}

Failure refusal(const net::ClientResponse& response) {
  std::string text = "Loki answers " + std::to_string(response.status);
  const std::string excerpt = printable_excerpt(response.body);
  if (!excerpt.empty()) text += ": " + excerpt;
  Failure failure{{Errc::io, std::move(text)}, remedy(response.status)};
  failure.least = response.retry_after.value_or(failure.least);
  failure.passes = may_pass(response.status) && failure.least <= kRetryAfterMost;
  return failure;
}

/// A wrong file of secrets or certificates does not heal.
Failure silence(const Error& error) {
  return {error, {}, error.code != Errc::invalid, error.code == Errc::indeterminate};
}

/// For who gets no answer.
Error final_error(const Failure& failure, int tries) {
  Error error = failure.error;
  if (tries > 1) error.context += fmt::format(" (asked {} times)", tries);
  if (!failure.remedy.empty()) error.context += "; " + std::string(failure.remedy);
  return error;
}

}  // namespace

LokiInquiry::LokiInquiry(const LokiOptions& options, const store::StoreId& store,
                         const InquiryLimits& limits, CensusObserver& observer)
    : limits_(limits),
      observer_(observer),
      query_(selector_of(options.mapping) + " | store=\"" + to_string(store) + '"'),
      sender_(options, {}),
      backoff_(limits.first_wait, kWaitMost, std::random_device{}()),
      entries_(limits.entries) {}

Result<EntryPage> LokiInquiry::ask(const EntryWindow& window) {
  TALLY_TRY(const std::string answer, get(window));
  EntryPage page;
  TALLY_TRY(page.entries, read_query_answer(answer));
  page.whole = page.entries.size() < entries_;
  return page;
}

/// What did not get through may have been too much at once: it is asked for by smaller pages then.
Result<std::string> LokiInquiry::get(const EntryWindow& window) {
  backoff_.reset();
  for (int tries = 1;; ++tries) {
    auto response = sender_.get(path_of(window));
    if (response && response.value().status == 200) return std::move(response.value().body);
    const Failure failure = response ? refusal(response.value()) : silence(response.error());
    if (!failure.passes || tries == limits_.tries) return final_error(failure, tries);
    if (failure.unanswered) entries_ = std::max<std::size_t>(entries_ / 2, 1);
    const Backoff::Duration wait = backoff_.next(failure.least);
    observer_.retrying(
        fmt::format("{}: asking again in {:.1f} s (try {} of {})", failure.error.context,
                    std::chrono::duration<double>(wait).count(), tries + 1, limits_.tries));
    pause_for({}, wait);
  }
}

std::string LokiInquiry::path_of(const EntryWindow& window) const {
  const std::string query = fmt::format("{} | seq >= {} | seq < {}", query_,
                                        to_number(window.first), to_number(window.behind));
  return fmt::format("/loki/api/v1/query_range?query={}&start={}&end={}&limit={}&direction=forward",
                     net::percent_encoded(query), window.start.time_since_epoch().count(),
                     window.end.time_since_epoch().count(), entries_);
}

}  // namespace tally::shipper
