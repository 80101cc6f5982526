#include "tests/support/memory_directory.h"

#include <utility>

namespace tally::tests {

MemoryEntry MemoryDirectory::find(const std::string& name) const {
  const auto entry = entries_.find(name);
  return entry == entries_.end() ? MemoryEntry{} : entry->second;
}

void MemoryDirectory::add(const std::string& name, MemoryEntry entry) {
  changes_.push_back(Added{name, std::move(entry)});
  apply(entries_, changes_.back());
}

void MemoryDirectory::remove(const std::string& name) {
  changes_.push_back(Removed{name});
  apply(entries_, changes_.back());
}

void MemoryDirectory::rename(const std::string& from, const std::string& to) {
  changes_.push_back(Renamed{find(from), to});
  apply(entries_, changes_.back());
}

void MemoryDirectory::sync() {
  durable_ = entries_;
  changes_.clear();
}

std::shared_ptr<MemoryDirectory> MemoryDirectory::after_crash(std::mt19937_64& random) const {
  Entries kept = durable_;
  for (const Change& change : changes_) {
    if (random() % 2 == 0) apply(kept, change);
  }
  auto found = std::make_shared<MemoryDirectory>();
  for (const auto& [name, entry] : kept) {
    MemoryEntry& copy = found->entries_[name];
    if (entry.file) copy.file = std::make_shared<MemoryFile>(entry.file->after_crash(random));
    if (entry.directory) copy.directory = entry.directory->after_crash(random);
  }
  found->durable_ = found->entries_;
  return found;
}

/// Works on any state, since earlier changes may have been lost: a rename finds its file wherever
/// it is, even if its creation did not survive.
void MemoryDirectory::apply(Entries& entries, const Change& change) {
  if (const auto* added = std::get_if<Added>(&change)) {
    entries[added->name] = added->entry;
  } else if (const auto* removed = std::get_if<Removed>(&change)) {
    entries.erase(removed->name);
  } else if (const auto* renamed = std::get_if<Renamed>(&change)) {
    std::erase_if(entries, [&](const auto& each) { return each.second == renamed->entry; });
    entries[renamed->to] = renamed->entry;
  }
}

}  // namespace tally::tests
