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

void put_counts(std::string& out, const EventCounts& counts, IntegerEncoder& integers);

/// False: they are not there, or not in order, or their sum is not `events`.
bool read_counts(std::string_view part, std::uint64_t events, IntegerDecoder& integers,
                 EventCounts& counts);

/// Adds `more` to `counts`; both in order.
void add_counts(EventCounts& counts, const EventCounts& more);

}  // namespace tally::store
