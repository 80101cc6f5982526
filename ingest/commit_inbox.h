#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "ingest/wake_signal.h"
#include "store/store.h"

namespace tally::ingest {

/// Carries the answers of the committer's thread to the thread whose tasks wait for them, and wakes
/// it. Thread-safe. `wake` must outlive it.
template <class Task>
class CommitInbox {
 public:
  using Answer = std::pair<Task*, store::CommitResult>;

  explicit CommitInbox(WakeSignal& wake) : wake_(wake) {}

  void put(Task* task, const store::CommitResult& result) {
    {
      const std::lock_guard lock(mutex_);
      answers_.emplace_back(task, result);
    }
    wake_.raise();
  }

  std::vector<Answer> take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answers_, {});
  }

 private:
  WakeSignal& wake_;
  std::mutex mutex_;
  std::vector<Answer> answers_;  ///< guarded by mutex_
};

}  // namespace tally::ingest
