#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/salvage/salvage_file.h"
#include "store/salvage/sequence_set.h"
#include "store/salvage/store_survey.h"

namespace tally::store {

/// What became of one file.
struct SalvagedFile {
  Path path;
  SalvageKind kind = SalvageKind::unknown;
  std::uint64_t bytes = 0;
  std::vector<SalvageDamage> damage;
  std::uint64_t more_damage = 0;    ///< stretches that `damage` leaves out
  std::string failure;              ///< why it could not be read at all; empty: it was
  std::uint64_t events = 0;         ///< given
  std::uint64_t repeated = 0;       ///< that another file had given already
  std::uint64_t taken_back = 0;     ///< of a write that failed or was cut off: a newer file says so
  std::uint64_t refused = 0;        ///< given
  std::uint64_t unverified = 0;     ///< given
  bool ends_badly = false;          ///< the last of `damage` goes up to the file's end
  bool in_doubt = false;            ///< more events may have been there, and nothing tells
  std::vector<SequenceRange> lost;  ///< that should have been there and are nowhere

  /// Whether anything is lost, or may be.
  bool whole() const noexcept;
};

struct SalvageReport {
  std::vector<SalvagedFile> files;  ///< those with nothing to tell are among them
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
  std::uint64_t unverified = 0;
  std::uint64_t lost = 0;  ///< events, as far as it is known how many

  /// Nothing is lost, and nothing in doubt.
  bool whole() const noexcept;
};

/// Gets out of stores and files of stores what can be proven, each event once, in the order of the
/// files, which is that of the sequences but where two files had to complete each other. Reads
/// only, takes no lock, and may run beside a collector. One thread; `files` must outlive it.
class StoreSalvage {
 public:
  StoreSalvage(FileSystem& files, SalvageOptions options, SalvageOutlet outlet)
      : files_(&files), options_(options), outlet_(std::move(outlet)) {}

  /// To be called once. Errors are those of the outlet, and Errc::not_found for a path that is not
  /// there; damage is no error.
  Result<SalvageReport> run(std::span<const Path> paths);

 private:
  /// What a file should have given.
  struct Expected {
    StoreId store;
    SequenceRange range;
    std::size_t file = 0;  ///< in the report
  };

  Result<bool> run_round(const StoreSurvey& survey);
  Result<void> salvage(const SurveyedFile& file);
  Result<void> take(const SurveyedFile& from, SalvagedFile& to, const SalvagedEvents& events);
  Result<void> take(const SurveyedFile& from, SalvagedFile& to, const SalvagedRefused& refused);
  void expect(const SurveyedFile& file, const SalvageFindings& findings, std::size_t index);
  void expect_listed(const SurveyedStore& store);
  void settle_newest(const SurveyedStore& store);
  void settle();

  // Constant after construction.
  FileSystem* files_;
  SalvageOptions options_;
  SalvageOutlet outlet_;

  using Key = std::array<std::uint8_t, 16>;  ///< of a store
  std::set<Path> done_;
  std::map<Key, SequenceSet> given_;
  std::set<std::pair<Key, std::uint64_t>> refused_done_;  ///< numbers of whole files of these
  std::vector<Expected> expected_;
  SalvageReport report_;
};

}  // namespace tally::store
