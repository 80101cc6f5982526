#include "shipper/loki/loki_census.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>
#include <vector>

namespace tally::shipper {
namespace {

constexpr std::chrono::hours kHour{1};
constexpr std::chrono::nanoseconds kInstant{1};

class LokiCensus {
 public:
  LokiCensus(const LokiOptions& options, SinkCensus& census, CensusObserver& observer,
             const InquiryLimits& limits)
      : inquiry_(options, census.store(), limits, observer), census_(census), observer_(observer) {}

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
  Result<void> ask(EntryWindow window) {
    while (window.start < window.end) {
      observer_.reached(window.start, census_);
      TALLY_TRY(const EntryPage page, inquiry_.ask(window));
      if (page.whole) {
        add(page.entries);
        return ok();
      }
      const auto [oldest, newest] = std::ranges::minmax(page.entries, {}, &FoundEntry::time);
      const UtcTime last = newest.time;
      if (oldest.time == last) {
        TALLY_TRY(ask_instant({last, last + kInstant, window.first, window.behind}));
        window.start = last + kInstant;
        continue;
      }
      for (const FoundEntry& entry : page.entries) {
        if (entry.time < last) census_.add_there(entry.sequence);
      }
      window.start = last;
    }
    return ok();
  }

  /// What happened in the same nanosecond can be more than fits into a page: by halves then.
  Result<void> ask_instant(const EntryWindow& window) {
    TALLY_TRY(const EntryPage page, inquiry_.ask(window));
    const std::uint64_t sequences = distance(window.first, window.behind);
    if (page.whole || sequences == 1) {
      add(page.entries);
      return ok();
    }
    const Sequence middle = advance(window.first, sequences / 2);
    TALLY_TRY(ask_instant({window.start, window.end, window.first, middle}));
    return ask_instant({window.start, window.end, middle, window.behind});
  }

  void add(const std::vector<FoundEntry>& entries) {
    for (const FoundEntry& entry : entries) census_.add_there(entry.sequence);
  }

  LokiInquiry inquiry_;
  SinkCensus& census_;
  CensusObserver& observer_;
  std::set<UtcTime> asked_;  ///< hours
};

}  // namespace

Result<void> ask_loki(const LokiOptions& options, SinkCensus& census, CensusObserver& observer,
                      const InquiryLimits& limits) {
  return LokiCensus(options, census, observer, limits).run();
}

}  // namespace tally::shipper
