#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "kafka/kafka_client.h"
#include "model/result.h"

namespace tally::ingest {

/// Counters for /metrics; a snapshot.
struct KafkaSourceStats {
  std::uint64_t partitions = 0;  ///< read now
  std::uint64_t held = 0;        ///< not read: another store may know more of them
  std::uint64_t gone = 0;        ///< not read: their topic was made anew
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
  std::uint64_t bytes = 0;  ///< of committed records' values
  std::uint64_t lag = 0;    ///< offsets between what is committed and the partitions' ends
  std::uint64_t lost = 0;   ///< offsets that the brokers no longer had
  std::uint64_t retries = 0;
  std::string trouble;  ///< why nothing can be read; empty: it can
};

/// What a Kafka source counts, and its log: a trouble is said when it begins and when it ends, not
/// with each attempt. Thread-safe.
class ConsumeCounters final : public kafka::ClientObserver {
 public:
  /// `name` is what log lines begin with.
  explicit ConsumeCounters(std::string name) : name_(std::move(name)) {}

  // What a client reports; brokers come and go.
  void retrying(std::string trouble) override;
  void healed() override;

  /// That reading could not begin, or ended, and is tried again.
  void failed(const Error& error);

  /// Changes the counters: `change` gets them while nobody else looks.
  template <class Change>
  void update(Change change) {
    const std::lock_guard lock(mutex_);
    change(stats_);
  }

  KafkaSourceStats stats() const;

 private:
  const std::string name_;
  mutable std::mutex mutex_;
  KafkaSourceStats stats_;                                     ///< guarded by mutex_
  std::string said_;                                           ///< as a failure; guarded by mutex_
  std::optional<std::chrono::steady_clock::time_point> told_;  ///< when; guarded by mutex_
  bool open_ = false;  ///< a trouble was told that has not ended; guarded by mutex_
};

}  // namespace tally::ingest
