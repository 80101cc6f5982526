#pragma once

#include <mutex>
#include <string>
#include <utility>

#include "shipper/sink.h"

namespace tally::shipper {

/// What a sink counts for its stats(). Thread-safe.
class SinkCounters {
 public:
  void delivered(std::uint64_t events, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    stats_.events += events;
    stats_.bytes += bytes;
    ++stats_.requests;
  }

  void dead(std::uint64_t events) {
    const std::lock_guard lock(mutex_);
    stats_.dead += events;
  }

  void retrying(std::string trouble) {
    const std::lock_guard lock(mutex_);
    ++stats_.retries;
    stats_.trouble = std::move(trouble);
  }

  void healed() {
    const std::lock_guard lock(mutex_);
    stats_.trouble.clear();
  }

  void kafka_says(const kafka::ClientStatistics& statistics) {
    const std::lock_guard lock(mutex_);
    stats_.kafka = statistics;
  }

  SinkStats stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

 private:
  mutable std::mutex mutex_;
  SinkStats stats_;
};

}  // namespace tally::shipper
