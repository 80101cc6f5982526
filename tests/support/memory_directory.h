#pragma once

#include <map>
#include <memory>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "tests/support/memory_file.h"

namespace tally::tests {

class MemoryDirectory;

/// What a name stands for: a file or a directory, or neither if there is no such name.
struct MemoryEntry {
  std::shared_ptr<MemoryFile> file;
  std::shared_ptr<MemoryDirectory> directory;

  bool exists() const noexcept { return file || directory; }

  friend bool operator==(const MemoryEntry&, const MemoryEntry&) = default;
};

/// Names in memory: as programs see them, and as the disk may hold them. Not thread-safe.
class MemoryDirectory {
 public:
  using Entries = std::map<std::string, MemoryEntry>;

  const Entries& entries() const noexcept { return entries_; }

  MemoryEntry find(const std::string& name) const;

  void add(const std::string& name, MemoryEntry entry);
  void remove(const std::string& name);
  void rename(const std::string& from, const std::string& to);

  /// Makes all changes of names durable.
  void sync();

  /// What may be found after a power cut, all the way down: each change of names since the last
  /// sync was kept or lost by itself, a rename as a whole.
  std::shared_ptr<MemoryDirectory> after_crash(std::mt19937_64& random) const;

 private:
  struct Added {
    std::string name;
    MemoryEntry entry;
  };
  struct Removed {
    std::string name;
  };
  struct Renamed {
    MemoryEntry entry;
    std::string to;
  };
  using Change = std::variant<Added, Removed, Renamed>;

  static void apply(Entries& entries, const Change& change);

  Entries entries_;
  Entries durable_;
  std::vector<Change> changes_;  ///< since the last sync, in order
};

}  // namespace tally::tests
