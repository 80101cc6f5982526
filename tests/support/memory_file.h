#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tally::tests {

/// A file's bytes in memory: as programs see them, and as the disk may hold them, page by page.
/// Not thread-safe.
class MemoryFile {
 public:
  static constexpr std::size_t kPageBytes = 4096;

  std::size_t read(std::uint64_t offset, std::span<char> into) const;
  void write(std::uint64_t offset, std::string_view bytes);
  void truncate(std::uint64_t bytes);
  std::uint64_t size() const noexcept { return content_.size(); }

  /// Whether a sync would have to find room on the disk.
  bool grown() const noexcept { return content_.size() > durable_.size(); }

  /// All dirty pages and the size become durable; pages that a failed sync took for clean do not.
  void sync();

  /// A sync that fails: its pages count as clean from now on, and are not durable (Linux).
  void fail_sync();

  /// Clean pages are read again from the disk: those of a failed sync go back to what it holds.
  void drop_cache();

  /// What may be found after a power cut. Each page that was not synced holds what was synced last,
  /// or what any write since then left in it; the size is any that the file had since the last
  /// sync, or a page boundary between; what was never written but lies within it reads as zeros.
  MemoryFile after_crash(std::mt19937_64& random) const;

 private:
  using PageIndex = std::size_t;

  std::string page_of(const std::string& bytes, PageIndex index) const;
  void note_write(PageIndex index);
  void note_size();
  std::string any_version(PageIndex index, const std::string& base, std::mt19937_64& random) const;
  std::uint64_t any_size(std::mt19937_64& random) const;

  std::string content_;
  std::string durable_;

  /// Pages written since the last sync, with what earlier such writes had left in them.
  std::map<PageIndex, std::vector<std::string>> dirty_;

  /// Pages whose sync failed and that were not written since: clean, and different from durable_.
  std::set<PageIndex> lost_;

  std::vector<std::uint64_t>
      sizes_;                   ///< that the file had since the last sync, the present one too
  std::uint64_t size_min_ = 0;  ///< of those and durable_'s
};

}  // namespace tally::tests
