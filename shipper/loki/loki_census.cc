#include "shipper/loki/loki_census.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shipper/loki/loki_sender.h"
#include "shipper/loki/query_answer.h"

namespace tally::shipper {
namespace {

constexpr std::chrono::hours kHour{1};
constexpr std::chrono::nanoseconds kInstant{1};

/// Entries from one time to another, and of one sequence to another; the ends are behind.
struct Window {
  UtcTime start;
  UtcTime end;
  Sequence first;
  Sequence behind;
};

/// As a query has it: RFC 3986 section 2.1.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || c == '-' || c == '_' || c == '.') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

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

Error refusal(const net::ClientResponse& response) {
  std::string text = "Loki answers " + std::to_string(response.status);
  const std::string_view body = std::string_view(response.body).substr(0, 300);
  if (!body.empty()) text += ": " + std::string(body.substr(0, body.find('\n')));
  if (response.status == 404) text += ": only Loki itself can be asked, by its query_range";
  return {Errc::io, text};
}

class LokiCensus {
 public:
  LokiCensus(const LokiOptions& options, SinkCensus& census, std::size_t limit)
      : sender_(options, {}), census_(census), limit_(limit) {
    query_ = selector_of(options.mapping) + " | store=\"" + to_string(census.store()) + '"';
  }

  Result<void> run() {
    for (const UtcTime hour : census_.event_hours()) {
      TALLY_TRY(ask_hour(hour));
    }
    for (const CensusHour& hour : census_.hours()) {
      if (hour.missing == 0 || asked_.contains(hour.hour)) continue;
      TALLY_TRY(ask_hour(hour.hour));
    }
    return ok();
  }

 private:
  /// Each hour once, so that nothing is counted twice.
  Result<void> ask_hour(UtcTime hour) {
    asked_.insert(hour);
    return ask({hour, hour + kHour, census_.first(), census_.end()});
  }

  /// Page by page. What has the last time of a full page may go on behind it, and is counted with
  /// the next one, which begins at that time.
  Result<void> ask(Window window) {
    while (window.start < window.end) {
      TALLY_TRY(const auto page, ask_for_page(window));
      if (page.size() < limit_) {
        add(page);
        return ok();
      }
      const auto [oldest, newest] = std::ranges::minmax(page, {}, &FoundEntry::time);
      const UtcTime last = newest.time;
      if (oldest.time == last) {
        TALLY_TRY(ask_instant({last, last + kInstant, window.first, window.behind}));
        window.start = last + kInstant;
        continue;
      }
      for (const FoundEntry& entry : page) {
        if (entry.time < last) census_.add_there(entry.sequence);
      }
      window.start = last;
    }
    return ok();
  }

  /// What happened in the same nanosecond can be more than fits into a page: by halves then.
  Result<void> ask_instant(const Window& window) {
    TALLY_TRY(const auto page, ask_for_page(window));
    const std::uint64_t sequences = distance(window.first, window.behind);
    if (page.size() < limit_ || sequences == 1) {
      add(page);
      return ok();
    }
    const Sequence middle = advance(window.first, sequences / 2);
    TALLY_TRY(ask_instant({window.start, window.end, window.first, middle}));
    return ask_instant({window.start, window.end, middle, window.behind});
  }

  void add(const std::vector<FoundEntry>& entries) {
    for (const FoundEntry& entry : entries) census_.add_there(entry.sequence);
  }

  Result<std::vector<FoundEntry>> ask_for_page(const Window& window) {
    const auto number = [](UtcTime time) {
      return std::to_string(time.time_since_epoch().count());
    };
    const std::string query = query_ + " | seq >= " + std::to_string(to_number(window.first)) +
                              " | seq < " + std::to_string(to_number(window.behind));
    const std::string path = "/loki/api/v1/query_range?query=" + percent_encoded(query) +
                             "&start=" + number(window.start) + "&end=" + number(window.end) +
                             "&limit=" + std::to_string(limit_) + "&direction=forward";
    TALLY_TRY(const auto response, sender_.get(path));
    if (response.status != 200) return refusal(response);
    return read_query_answer(response.body);
  }

  LokiSender sender_;
  SinkCensus& census_;
  const std::size_t limit_;
  std::string query_;
  std::set<UtcTime> asked_;  ///< hours
};

}  // namespace

Result<void> ask_loki(const LokiOptions& options, SinkCensus& census, std::size_t entries) {
  return LokiCensus(options, census, entries).run();
}

}  // namespace tally::shipper
