#include "tests/support/memory_file.h"

#include <algorithm>

namespace tally::tests {
namespace {

/// Enough to bring an old version back, little enough to keep a file that is never synced small.
constexpr std::size_t kVersionsMax = 4;

/// A number below `bound`, the same on every platform for the same generator.
std::size_t pick(std::mt19937_64& random, std::size_t bound) {
  return static_cast<std::size_t>(random() % bound);
}

/// Puts `page` at its place in `bytes`, zeros behind it up to the page's end, and what is beyond
/// the end of `bytes` nowhere.
void place(std::string& bytes, std::size_t offset, const std::string& page) {
  if (offset >= bytes.size()) return;
  const std::size_t room = std::min(MemoryFile::kPageBytes, bytes.size() - offset);
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), room, '\0');
  std::copy_n(page.begin(), std::min(room, page.size()),
              bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

std::size_t MemoryFile::read(std::uint64_t offset, std::span<char> into) const {
  if (offset >= content_.size()) return 0;
  return content_.copy(into.data(), into.size(), offset);
}

void MemoryFile::write(std::uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  const std::uint64_t end = offset + bytes.size();
  for (PageIndex page = offset / kPageBytes; page <= (end - 1) / kPageBytes; ++page) {
    note_write(page);
  }
  if (end > content_.size()) content_.resize(end);
  content_.replace(offset, bytes.size(), bytes);
  note_size();
}

void MemoryFile::truncate(std::uint64_t bytes) {
  content_.resize(bytes);
  const PageIndex first_gone = (bytes + kPageBytes - 1) / kPageBytes;
  dirty_.erase(dirty_.lower_bound(first_gone), dirty_.end());
  lost_.erase(lost_.lower_bound(first_gone), lost_.end());
  note_size();
}

void MemoryFile::sync() {
  // What was cut off must not come back when the file grows again.
  durable_.resize(std::min<std::uint64_t>(durable_.size(), size_min_));
  durable_.resize(content_.size());
  for (const auto& [page, versions] : dirty_) {
    place(durable_, page * kPageBytes, page_of(content_, page));
  }
  dirty_.clear();
  sizes_.clear();
  size_min_ = content_.size();
}

void MemoryFile::fail_sync() {
  for (const auto& [page, versions] : dirty_) lost_.insert(page);
  dirty_.clear();
}

void MemoryFile::drop_cache() {
  std::string disk = durable_;
  disk.resize(std::min<std::uint64_t>(disk.size(), size_min_));
  for (const PageIndex page : lost_) place(content_, page * kPageBytes, page_of(disk, page));
  lost_.clear();
}

MemoryFile MemoryFile::after_crash(std::mt19937_64& random) const {
  const std::uint64_t size = any_size(random);
  std::string base = durable_;
  if (size != durable_.size()) base.resize(std::min<std::uint64_t>(base.size(), size_min_));
  MemoryFile found;
  found.content_ = base;
  found.content_.resize(size);
  for (const auto& [page, versions] : dirty_) {
    place(found.content_, page * kPageBytes, any_version(page, base, random));
  }
  for (const PageIndex page : lost_) {
    place(found.content_, page * kPageBytes, any_version(page, base, random));
  }
  found.durable_ = found.content_;
  found.size_min_ = size;
  return found;
}

/// The page's bytes, as far as `bytes` has them.
std::string MemoryFile::page_of(const std::string& bytes, PageIndex index) const {
  const std::size_t offset = index * kPageBytes;
  return offset < bytes.size() ? bytes.substr(offset, kPageBytes) : std::string();
}

/// To be called before the write: keeps what an earlier write, not synced either, had left.
void MemoryFile::note_write(PageIndex index) {
  const bool was_lost = lost_.erase(index) > 0;
  const auto [entry, first_write] = dirty_.try_emplace(index);
  if (first_write && !was_lost) return;
  std::vector<std::string>& versions = entry->second;
  if (versions.size() == kVersionsMax) versions.erase(versions.begin());
  versions.push_back(page_of(content_, index));
}

void MemoryFile::note_size() {
  if (sizes_.empty() || sizes_.back() != content_.size()) sizes_.push_back(content_.size());
  size_min_ = std::min<std::uint64_t>(size_min_, content_.size());
}

std::string MemoryFile::any_version(PageIndex index, const std::string& base,
                                    std::mt19937_64& random) const {
  const auto dirty = dirty_.find(index);
  const std::size_t older = dirty == dirty_.end() ? 0 : dirty->second.size();
  const std::size_t choice = pick(random, older + 2);
  if (choice < older) return dirty->second[choice];
  return choice == older ? page_of(base, index) : page_of(content_, index);
}

std::uint64_t MemoryFile::any_size(std::mt19937_64& random) const {
  if (sizes_.empty()) return durable_.size();
  switch (pick(random, 4)) {
    case 0:
      return durable_.size();
    case 1:
      return content_.size();
    case 2:
      return sizes_[pick(random, sizes_.size())];
    default:
      break;
  }
  if (content_.size() <= durable_.size()) return content_.size();
  const std::uint64_t more = (content_.size() - durable_.size()) / kPageBytes;
  const std::uint64_t pages = durable_.size() / kPageBytes + pick(random, more + 1);
  return std::max<std::uint64_t>(pages * kPageBytes, durable_.size());
}

}  // namespace tally::tests
