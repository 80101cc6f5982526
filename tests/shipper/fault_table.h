#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tally::tests {

/// What became of the events of one fault, counted at the receiver.
struct FaultRow {
  std::string receiver;
  std::string fault;          ///< with the seed, where chance has a part in it
  std::uint64_t shipped = 0;  ///< that were to arrive
  std::uint64_t arrived = 0;  ///< as often as they came
  std::uint64_t unique = 0;
  std::uint64_t dead = 0;     ///< that are among the dead letters instead
  std::uint64_t lost = 0;     ///< neither there nor here
  std::uint64_t doubled = 0;  ///< came more than once
  std::string said;           ///< by the sink meanwhile
};

/// The outcome of all faults of a program, for people. One thread.
class FaultTable {
 public:
  /// That of this program.
  static FaultTable& shared();

  void add(FaultRow row) { rows_.push_back(std::move(row)); }

  /// To the standard output, as Markdown.
  void print() const;

 private:
  std::vector<FaultRow> rows_;
};

/// Whether faults are made with many events and take minutes, as the program was told.
bool is_full_run();
void set_full_run();

/// `few`, or `many` in a full run.
inline std::uint64_t few_or(std::uint64_t few, std::uint64_t many) {
  return is_full_run() ? many : few;
}

}  // namespace tally::tests
