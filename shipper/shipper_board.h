#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "model/sequence.h"
#include "model/time.h"
#include "shipper/sink.h"

namespace tally::shipper {

enum class Condition : std::uint8_t {
  starting,
  sending,   ///< or waiting for events
  retrying,  ///< something is wrong that may heal
  paused,    ///< by an operator
  stopped,   ///< something is wrong that an operator has to mend
};

/// "starting", "sending", …
std::string_view to_string(Condition condition) noexcept;

/// A snapshot for /metrics and `tally sinks`.
struct ShipperStats {
  Condition condition = Condition::starting;
  std::string trouble;  ///< in words; empty: none
  Sequence next{};      ///< the first event that has not arrived
  Sequence end{};       ///< one past the last durable event
  UtcTime
      waiting_since{};     ///< receipt of the first event that has not arrived; 1970: there is none
  std::uint64_t lost = 0;  ///< events that were damaged or removed before they could be sent
  SinkStats sink;          ///< summed up over all attempts
};

/// Where a shipper's thread writes down how it stands, for others to read. Thread-safe.
class ShipperBoard {
 public:
  void set_condition(Condition condition, const std::string& trouble);
  void set_next(Sequence next, UtcTime waiting_since);
  void set_end(Sequence end);
  void add_lost(std::uint64_t events);

  /// The sink of this attempt; null: its figures are added to what was before, and it goes.
  void set_sink(const Sink* sink);

  ShipperStats stats() const;

 private:
  mutable std::mutex mutex_;
  ShipperStats stats_;  ///< without those of `sink_`
  const Sink* sink_ = nullptr;
};

}  // namespace tally::shipper
