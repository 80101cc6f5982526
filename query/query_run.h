#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "model/result.h"
#include "query/event_printer.h"
#include "query/matcher.h"
#include "query/output.h"
#include "query/record_sorter.h"
#include "query/scan.h"
#include "store/cursor.h"

namespace tally::query {

enum class QueryOrder : std::uint8_t {
  oldest_first,  ///< by event time, then sequence
  newest_first,  ///< the reverse
  sequence,      ///< as committed; shown as they come
};

struct QueryOptions {
  QueryOrder order = QueryOrder::oldest_first;
  OutputFormat format = OutputFormat::jsonl;
  LineStyle style;
  bool envelope = false;  ///< as jsonl only
  std::string store_id;   ///< for the envelope
  SorterOptions sorting;  ///< its limit is the query's
};

/// Finds events and prints them: is fed the store chunk by chunk. One thread. `output` and `files`
/// must outlive it.
class QueryRun {
 public:
  QueryRun(store::FileSystem& files, Matcher matcher, QueryOptions options, Output& output);

  /// False when no further chunk is wanted: the limit is reached, or nobody reads the output.
  Result<bool> take(const store::Chunk& chunk);

  /// Shows everything found so far; for the order `sequence`.
  Result<void> catch_up();

  /// Sorts and prints, until `stop` is set. To be called once, after the last chunk.
  Result<void> finish(const std::atomic<bool>& stop);

  bool is_output_closed();

  /// Events printed.
  std::uint64_t found() const noexcept { return found_; }
  ScanStats& stats() noexcept { return stats_; }

 private:
  Result<void> keep(ScannedEvent& event);
  Result<void> show(ScannedEvent& event);
  std::string_view record_of(const ScannedEvent& event);

  QueryOptions options_;
  Matcher matcher_;
  Output& output_;
  EventPrinter printer_;
  RecordSorter sorter_;
  ScanReaders readers_;
  ScanStats stats_;
  std::string envelope_;  // scratch
  std::uint64_t found_ = 0;
};

}  // namespace tally::query
