#pragma once

#include <random>
#include <string>

#include "store/journal/commit_header.h"
#include "store/journal/file_header.h"

namespace tally::tests {

/// Headers that are valid and otherwise anything: empty lists, extreme numbers, odd bytes in names.
class RandomJournal {
 public:
  explicit RandomJournal(std::uint64_t seed) : random_(seed) {}

  store::FileHeader file_header();
  store::CommitHeader commit_header();

 private:
  std::uint64_t number();  ///< of any magnitude
  std::uint64_t below(std::uint64_t end);
  UtcTime time();
  store::Sha256 hash();
  std::string text(std::size_t max);
  Run run(std::uint32_t count);
  store::SourceCheckpoint checkpoint();
  store::RefusedEvent refused();

  std::mt19937_64 random_;
};

}  // namespace tally::tests
