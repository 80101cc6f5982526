#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/sequence.h"
#include "model/time.h"
#include "store/store_id.h"

namespace tally::shipper {

/// What both sides have of the events that came in within an hour.
struct CensusHour {
  UtcTime hour{};              ///< when it begins, in UTC
  Sequence first{};            ///< of the events that the store has
  std::uint64_t here = 0;      ///< events that the store has
  std::uint64_t there = 0;     ///< records or entries that the receiver has
  std::uint64_t distinct = 0;  ///< events that these are of
  std::uint64_t missing = 0;   ///< events that are here only
  std::uint64_t twice = 0;     ///< events that the receiver has more than once
  std::uint64_t dead = 0;      ///< events that are here and among the dead letters only
};

/// Of how many sequences a census tells at most: 128 MiB of memory.
inline constexpr std::uint64_t kCensusSequences = std::uint64_t{1} << 28;

/// Counts events of a store, and which of them a receiver has: four bits an event, of `sequences`
/// that follow one another at most. First all that the store has, then all else. Not thread-safe.
class SinkCensus {
 public:
  SinkCensus(const store::StoreId& store, std::uint64_t sequences)
      : store_(store), sequences_(sequences) {}

  /// Whether there is room for an event of the store's with this sequence.
  bool has_room_for(Sequence sequence) const noexcept {
    return empty() || distance(first_, sequence) < sequences_;
  }

  /// An event of the store's, for which there is room; by sequence.
  void add_here(Sequence sequence, UtcTime received);

  /// When one of them happened, by its own word.
  void add_event_time(UtcTime time);

  /// Those of events that are not asked about are passed over.
  void add_dead(Sequence sequence);
  void add_there(Sequence sequence);

  /// What the receiver says that somebody has to know who misses something; a sentence.
  void add_note(std::string note) { notes_.push_back(std::move(note)); }
  const std::vector<std::string>& notes() const noexcept { return notes_; }

  const store::StoreId& store() const noexcept { return store_; }
  bool empty() const noexcept { return hours_.empty(); }

  /// The events that are asked about; `end` is the first one behind.
  Sequence first() const noexcept { return first_; }
  Sequence end() const noexcept { return advance(first_, here_.size()); }

  /// When the first of them came in, and when the last one did.
  UtcTime first_received() const noexcept { return first_received_; }
  UtcTime last_received() const noexcept { return last_received_; }

  /// How many events the store has, and how many records or entries the receiver, so far.
  std::uint64_t here_count() const noexcept { return here_count_; }
  std::uint64_t there_count() const noexcept { return there_count_; }

  /// The hours in which they happened.
  const std::set<UtcTime>& event_hours() const noexcept { return event_hours_; }

  /// The hours in which they came in, in order.
  std::vector<CensusHour> hours() const;

  /// Calls visit(first, last) for each run of sequences that are missing, in order.
  void for_each_missing(const std::function<void(Sequence, Sequence)>& visit) const;

 private:
  bool is_missing(std::size_t index) const {
    return here_[index] && !there_[index] && !dead_[index];
  }
  bool is_asked_for(Sequence sequence) const { return sequence >= first() && sequence < end(); }

  store::StoreId store_;
  std::uint64_t sequences_;
  Sequence first_{};
  UtcTime first_received_{};
  UtcTime last_received_{};
  std::uint64_t here_count_ = 0;
  std::uint64_t there_count_ = 0;
  std::vector<bool> here_;
  std::vector<bool> there_;
  std::vector<bool> twice_;
  std::vector<bool> dead_;
  std::vector<CensusHour> hours_;  ///< with hour, first and there
  std::set<UtcTime> event_hours_;
  std::vector<std::string> notes_;
};

/// The begin of the hour, in UTC.
UtcTime hour_of(UtcTime time);

}  // namespace tally::shipper
