#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "model/time.h"
#include "shipper/backoff.h"
#include "shipper/census_observer.h"
#include "shipper/loki/loki_options.h"
#include "shipper/loki/loki_sender.h"
#include "shipper/loki/query_answer.h"
#include "store/store_id.h"

namespace tally::shipper {

/// How Loki is asked.
struct InquiryLimits {
  /// In an answer; not above what Loki gives at most (max_entries_limit_per_query).
  std::size_t entries = 1000;
  int tries = 8;  ///< of one question, with waits between that get longer: about a minute
  Backoff::Duration first_wait{500};
};

/// Entries from one time to another, and of one sequence to another; the ends are behind.
struct EntryWindow {
  UtcTime start;
  UtcTime end;
  Sequence first;
  Sequence behind;
};

/// The oldest entries of a window.
struct EntryPage {
  std::vector<FoundEntry> entries;
  bool whole = false;  ///< there are no others in the window
};

/// Asks Loki which entries of a store it has. What fails for a reason that may pass is asked again,
/// a bounded number of times. One thread.
class LokiInquiry {
 public:
  /// `options` and `observer` must outlive it.
  LokiInquiry(const LokiOptions& options, const store::StoreId& store, const InquiryLimits& limits,
              CensusObserver& observer);

  /// As many as fit into an answer. Errors say what Loki answers instead, and what is to be done.
  Result<EntryPage> ask(const EntryWindow& window);

 private:
  Result<std::string> get(const EntryWindow& window);
  std::string path_of(const EntryWindow& window) const;

  const InquiryLimits limits_;
  CensusObserver& observer_;
  std::string query_;
  LokiSender sender_;
  Backoff backoff_;
  std::size_t entries_;  ///< in an answer: fewer once one did not get through
};

}  // namespace tally::shipper
