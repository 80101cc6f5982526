#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "bench/store_check.h"

namespace tally::e2e {

/// A request with what it carries.
struct PreparedPost {
  std::string bytes;
  std::uint64_t events = 0;
};

/// What the clients have been told so far. Safe from any thread.
class PostLedger {
 public:
  explicit PostLedger(std::size_t posts) : unanswered_by_post_(posts) {}

  void acknowledge(std::size_t post, std::uint64_t first_seq, std::uint64_t events);
  void leave_unanswered(std::size_t post);
  void refuse();

  /// Returns once that many events have been acknowledged.
  void wait_for_acknowledged(std::uint64_t events);

  // For when the clients have ended.
  const std::vector<bench::Acknowledged>& acknowledged() const noexcept { return acknowledged_; }
  const std::vector<std::uint64_t>& unanswered_by_post() const noexcept {
    return unanswered_by_post_;
  }
  std::uint64_t refusals() const noexcept { return refusals_; }

 private:
  std::mutex mutex_;
  std::condition_variable progress_;
  std::vector<bench::Acknowledged> acknowledged_;  // guarded by mutex_
  std::vector<std::uint64_t> unanswered_by_post_;  // guarded by mutex_
  std::uint64_t acknowledged_events_ = 0;          // guarded by mutex_
  std::uint64_t refusals_ = 0;                     // guarded by mutex_
};

/// Posts, one after the other, those of `posts` that `next` gives out, each again and again until
/// it is acknowledged, through whatever happens to the collector on `port`. Runs until all are
/// taken.
void post_persistently(std::uint16_t port, const std::vector<PreparedPost>& posts,
                       std::atomic<std::size_t>& next, PostLedger& ledger);

}  // namespace tally::e2e
