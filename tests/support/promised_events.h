#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "model/clock.h"
#include "store/batch.h"
#include "store/journal/journal.h"

namespace tally::tests {

/// A group of batches as a client sent it, in plain form.
struct Group {
  std::vector<std::string> lines;
  std::vector<std::string> refused;
  std::map<std::string, std::string> checkpoints;
  std::vector<store::Batch> batches;
};

/// Any group; `number` goes on with each of its lines.
Group make_group(std::mt19937_64& random, std::uint64_t& number, const Clock& clock);

/// The plain list that a store is held against: what was promised, and the one group that nobody
/// was told of.
struct Promises {
  Sequence first = kFirstSequence;  ///< what came before it, retention has removed
  std::vector<std::string> lines;
  std::vector<std::string> refused;
  std::map<std::string, std::string> checkpoints;
  std::optional<Group> unanswered;

  void keep(const Group& group);

  /// Those from `first` on.
  std::vector<std::string> lines_left() const;
};

/// Commits and notes the answer. A group whose outcome is unknown can only be the last one: the
/// next success starts a file that cuts it off.
bool commit(store::Journal& journal, Group group, Promises& promises);

/// Holds what a reader finds that begins where retention has left off against what was promised;
/// the unanswered group joins the promises if it is there, so that life can go on. Fails the test
/// on a difference.
void compare(store::FileSystem& files, const store::Path& directory, const store::Journal& journal,
             Promises& promises);

}  // namespace tally::tests
