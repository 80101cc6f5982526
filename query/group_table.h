#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"

namespace tally::query {

/// Counts by key in bounded memory: a hash table whose keys lie one behind the other. One thread.
class GroupTable {
 public:
  struct Group {
    std::uint64_t hash = 0;
    std::size_t key_offset = 0;
    std::size_t key_length = 0;
    std::uint64_t count = 0;
  };

  static constexpr std::size_t kGroupsMax = 1'000'000;
  static constexpr std::size_t kKeyBytesMax = 256 * 1024 * 1024;

  explicit GroupTable(std::size_t groups_max = kGroupsMax);

  /// Adds to the group of `key`. Errc::too_large past the bounds.
  Result<void> add(std::string_view key, std::uint64_t count);

  /// 0 if there is no such group.
  std::uint64_t count_of(std::string_view key) const noexcept;

  /// In the order of their first add().
  const std::vector<Group>& groups() const noexcept { return groups_; }

  /// Valid until the next add().
  std::string_view key_of(const Group& group) const noexcept;

 private:
  std::size_t slot_of(std::string_view key, std::uint64_t hash) const noexcept;
  void grow();

  std::size_t groups_max_;
  std::vector<Group> groups_;
  std::string keys_;
  std::vector<std::uint32_t> slots_;  // index into groups_ plus one, 0 is free; a power of two
};

}  // namespace tally::query
