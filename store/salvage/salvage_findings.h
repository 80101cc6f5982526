#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "store/batch.h"
#include "store/cursor.h"
#include "store/store_id.h"

/// What salvage finds in a file, and whom it gives it to.
namespace tally::store {

/// Events of consecutive sequences. Views that are valid during the call that they are given in.
struct SalvagedEvents {
  Chunk chunk;  ///< without runs where the provenance is lost
  std::optional<StoreId> store;
  bool offsets_known = true;  ///< false: what the runs say of offsets means nothing
  /// False: nothing proves that the lines are as they were written. Their sequence is then a guess,
  /// or 0: unknown.
  bool verified = true;
};

/// What was refused in one commit.
struct SalvagedRefused {
  std::span<const RefusedEvent> events;
  Sequence commit_end{};  ///< one past the commit's last event; 0: unknown
};

/// Who takes what is found. An error ends the salvage with that error.
struct SalvageOutlet {
  std::function<Result<void>(const SalvagedEvents&)> events;
  std::function<Result<void>(const SalvagedRefused&)> refused;
};

struct SalvageOptions {
  bool unverified = false;  ///< give what nothing vouches for, too
};

/// A stretch of a file that is not what was written.
struct SalvageDamage {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::string what;
  bool harmless = false;  ///< what stood there is known from elsewhere in the file
};

/// What a file turned out to be.
struct SalvageFindings {
  std::optional<StoreId> store;
  std::optional<std::uint64_t> number;
  std::optional<Sequence> first;  ///< of the file's first event, as it says itself
  std::optional<Sequence> end;    ///< one past its last event, as it says itself
  std::vector<SalvageDamage> damage;
  std::uint64_t more_damage = 0;  ///< stretches past those that are listed
  bool end_in_doubt = false;      ///< more events may have stood behind what was found

  /// Stretches that are listed: enough for people.
  static constexpr std::size_t kDamageMax = 1000;

  void note(std::uint64_t offset, std::uint64_t bytes, std::string what, bool harmless = false) {
    if (damage.size() == kDamageMax) {
      ++more_damage;
    } else {
      damage.push_back({offset, bytes, std::move(what), harmless});
    }
  }
};

/// A search that a hostile file draws out ends after so many times the file's length.
inline constexpr std::uint64_t kSalvageEffort = 16;

}  // namespace tally::store
