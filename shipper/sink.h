#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "kafka/client_statistics.h"
#include "model/result.h"
#include "store/cursor.h"
#include "store/sink_position.h"

namespace tally::shipper {

/// What a sink has done since it began; a snapshot.
struct SinkStats {
  std::uint64_t events = 0;    ///< delivered
  std::uint64_t bytes = 0;     ///< of their lines
  std::uint64_t requests = 0;  ///< that ended well: posts, transactions, writes
  std::uint64_t retries = 0;
  std::uint64_t dead = 0;                          ///< events that the receiver will never take
  std::optional<kafka::ClientStatistics> kafka{};  ///< of a sink to Kafka
  std::string trouble;                             ///< why it is trying again; empty: it is not
};

/// Where events go. Used by one thread, its shipper's; it may have threads of its own.
///
/// An error of any function ends this sink; its shipper makes another one, from the durable cursor.
/// Errc::invalid, unsupported, corruption, too_large and held mean that trying again is of no use
/// until somebody changes something: the shipper stops, and says so. What a wait can heal (an
/// unreachable receiver, an overloaded one, a full disk) the sink retries itself, for ever, and
/// tells by its stats.
///
/// Only progress() waits, and no longer than it is told to. The destructor gives up what is in
/// hand.
class Sink {
 public:
  virtual ~Sink() = default;

  /// Where to go on: `from`, which the cursor says, or the operator has chosen for a new sink;
  /// unless the receiver knows better. It is made durable before anything is sent. Called once,
  /// before all else.
  virtual Result<store::SinkState> begin(store::SinkState from) { return from; }

  /// Takes events on, in sequence order, maybe with gaps where some are lost or removed. False: it
  /// has as much in hand as it may have, and took none or only the first of them: all of them are
  /// to be offered again after progress(), and what it has it passes over.
  virtual Result<bool> take(const store::Chunk& events) = 0;

  /// Sends what is gathered, however little: no more events are there for now. Does not wait for
  /// its arrival.
  virtual Result<void> flush() = 0;

  /// How far everything has arrived, or is durably among the dead letters; nothing: no farther than
  /// at the last call. Waits up to `timeout` for it while something is in hand.
  virtual Result<std::optional<store::SinkState>> progress(std::chrono::milliseconds timeout) = 0;

  /// Safe from any thread.
  virtual SinkStats stats() const = 0;
};

}  // namespace tally::shipper
