#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/segment/integer_codec.h"

namespace tally::store {

/// What events are counted by: codes in the dictionaries of service and operation, and success.
struct CountKey {
  std::uint32_t service = 0;
  std::uint32_t operation = 0;
  bool success = false;

  friend auto operator<=>(const CountKey&, const CountKey&) = default;
};

struct EventCount {
  CountKey key;
  std::uint64_t events = 0;

  friend bool operator==(const EventCount&, const EventCount&) = default;
};

/// Counts in ascending order of key.
using EventCounts = std::vector<EventCount>;

/// Counts events one by one. Not thread-safe.
class EventCounter {
 public:
  void add(const CountKey& key);

  /// What was counted since the last call.
  EventCounts take();

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint64_t events = 0;  ///< 0: free
  };
  Slot& slot_of(std::uint64_t key) noexcept;

  std::vector<Slot> slots_{std::vector<Slot>(1024)};  ///< a power of two, at most half in use
  std::size_t used_ = 0;
};

void put_counts(std::string& out, const EventCounts& counts, IntegerEncoder& integers);

/// False: they are not there, or not in order, or their sum is not `events`.
bool read_counts(std::string_view part, std::uint64_t events, IntegerDecoder& integers,
                 EventCounts& counts);

/// Adds `more` to `counts`; both in order.
void add_counts(EventCounts& counts, const EventCounts& more);

}  // namespace tally::store
