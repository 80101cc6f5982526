#pragma once

#include <memory>
#include <string>

#include "app/refused_printer.h"
#include "model/result.h"
#include "query/output.h"
#include "store/disk/file_system.h"
#include "store/salvage/salvage_findings.h"

namespace tally::app {

/// What `tally salvage` writes, and where.
struct SalvageOutputOptions {
  std::string target;     ///< a directory, a new file, or empty: standard output
  bool envelope = false;  ///< put sequence and provenance around each event
  bool refused = false;   ///< refused events in place of the others, where there is one output only
};

/// Writes what is salvaged as lines: to standard output or one new file, or to events.jsonl,
/// refused.jsonl and unverified.jsonl in a directory. One thread.
class SalvageOutput {
 public:
  /// Creates the files. Errc::invalid: one of them is there already, or the directory is not.
  static Result<SalvageOutput> open(const SalvageOutputOptions& options);
  ~SalvageOutput();
  SalvageOutput(SalvageOutput&&) noexcept;
  SalvageOutput& operator=(SalvageOutput&&) noexcept;

  Result<void> write(const store::SalvagedEvents& events);
  Result<void> write(const store::SalvagedRefused& refused);

  /// Writes the rest and syncs it. Files that nothing was written to are removed.
  Result<void> finish();

  /// Nobody reads standard output any more.
  bool is_closed() const noexcept;

 private:
  struct Stream;
  struct Streams;
  explicit SalvageOutput(std::unique_ptr<Streams> streams);

  std::unique_ptr<Streams> streams_;
};

}  // namespace tally::app
