#pragma once

#include <cstddef>

#include "store/batch.h"
#include "store/journal/commit_header.h"

namespace tally::store {

/// Counts what a commit comes to, so that its header stays within the limits that readers hold it
/// to (journal_format.h). Not thread-safe.
class CommitBudget {
 public:
  /// Whether the batch fits beside those added before; if it does, it is counted in. One that does
  /// not fit into an empty budget can never be committed.
  bool add(const Batch& batch) noexcept;
  bool add(const CommitHeader& header) noexcept;

 private:
  struct Parts;
  bool add(const Parts& parts) noexcept;
  bool within_limits_of_format() const noexcept;

  std::size_t events_ = 0;
  std::size_t frames_ = 0;
  std::size_t runs_ = 0;
  std::size_t keys_ = 0;
  std::size_t checkpoints_ = 0;
  std::size_t refused_ = 0;
  std::size_t run_name_bytes_ = 0;
  std::size_t key_name_bytes_ = 0;
  std::size_t checkpoint_bytes_ = 0;
  std::size_t refused_bytes_ = 0;  ///< as encoded, before compression
};

}  // namespace tally::store
