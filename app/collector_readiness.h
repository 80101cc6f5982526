#pragma once

#include <atomic>
#include <string_view>

#include "store/store.h"

namespace tally::app {

/// Whether the collector can take events now. Thread-safe; the store must outlive it.
class CollectorReadiness {
 public:
  explicit CollectorReadiness(const store::Store& store) : store_(store) {}

  void begin_shutdown() noexcept { shutting_down_ = true; }

  /// What keeps it from taking events; empty if nothing does.
  std::string_view obstacle() const noexcept {
    if (shutting_down_) return "shutting down";
    if (store_.disk_full()) return "the disk is full: free space, lower retention, or enlarge it";
    if (!store_.healthy()) return "the store cannot write: see the log";
    return {};
  }

 private:
  const store::Store& store_;
  std::atomic<bool> shutting_down_{false};
};

}  // namespace tally::app
