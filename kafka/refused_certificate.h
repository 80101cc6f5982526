#pragma once

#include <mutex>
#include <string>
#include <utility>

namespace tally::kafka {

/// Why the certificate that a broker showed last was refused: said by the thread that connects, and
/// read by the one that hears of the failure, maybe after further attempts. Thread-safe.
class RefusedCertificate {
 public:
  /// Empty: it was accepted.
  void note(std::string why) {
    const std::lock_guard lock(mutex_);
    why_ = std::move(why);
  }

  std::string why() const {
    const std::lock_guard lock(mutex_);
    return why_;
  }

 private:
  mutable std::mutex mutex_;
  std::string why_;  ///< guarded by mutex_
};

}  // namespace tally::kafka
