#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace tally::store {

class Journal;

/// The thread that writes the next journal file's zeros ahead, so that the committer never waits
/// for them, and a full disk hits the spare file instead of a commit. Thread-safe.
class SparePreparer {
 public:
  /// Starts with a first request. `journal` must outlive the preparer.
  explicit SparePreparer(Journal& journal);

  /// Asks for a spare file; cheap, and nothing happens where there is one.
  void request();

 private:
  void run(const std::stop_token& stop);

  Journal& journal_;

  // Guarded by mutex_.
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  bool requested_ = true;

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace tally::store
