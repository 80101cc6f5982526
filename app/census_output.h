#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "app/progress_bar.h"
#include "model/result.h"
#include "model/sequence.h"
#include "query/output.h"
#include "shipper/census_observer.h"
#include "shipper/sink_census.h"

namespace tally::app {

/// Tells on stderr how far a census is, and what its receiver's trouble is. One thread.
class CensusProgress final : public shipper::CensusObserver {
 public:
  /// `shown`: stderr is a terminal.
  explicit CensusProgress(bool shown) : bar_(shown, "reconciling") {}

  void reached(UtcTime time, const shipper::SinkCensus& so_far) override;
  void retrying(const std::string& trouble) override;

  /// Before anything else is printed.
  void wipe() { bar_.wipe(); }

 private:
  ProgressBar bar_;
};

/// How censuses are printed.
struct CensusFormat {
  bool table = false;  ///< else JSON, an object a line
  bool colours = false;
};

/// Prints censuses of portions of a store, one after the other, and knows what they come to. One
/// thread.
class CensusPrinter {
 public:
  /// `output` must outlive it.
  CensusPrinter(const CensusFormat& format, query::Output& output)
      : format_(format), output_(&output) {}

  /// Its hours, then what is missing: all with JSON, the first runs of all censuses in a table.
  Result<void> print(const shipper::SinkCensus& census);

  /// Says what to do where something is missing of what the sink of that name has got; the exit
  /// code.
  Result<int> finish(const std::string& sink);

 private:
  void add_table(const shipper::SinkCensus& census);
  Result<void> add_lines(const shipper::SinkCensus& census);

  CensusFormat format_;
  query::Output* output_;
  bool empty_ = true;
  std::uint64_t runs_ = 0;  ///< of sequences that are missing
  std::optional<Sequence> first_missing_;
  std::set<std::string> notes_;
};

}  // namespace tally::app
