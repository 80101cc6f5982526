#include "query/group_table.h"

#include <functional>

namespace tally::query {

GroupTable::GroupTable(std::size_t groups_max) : groups_max_(groups_max), slots_(1024) {}

std::string_view GroupTable::key_of(const Group& group) const noexcept {
  return std::string_view(keys_).substr(group.key_offset, group.key_length);
}

/// Where `key` is, or the free slot where it belongs (linear probing; at most half of the slots are
/// in use).
std::size_t GroupTable::slot_of(std::string_view key, std::uint64_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    const Group& group = groups_[slots_[slot] - 1];
    if (group.hash == hash && key_of(group) == key) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

void GroupTable::grow() {
  std::vector<std::uint32_t> larger(slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    std::size_t slot = groups_[i].hash & mask;
    while (larger[slot] != 0) slot = (slot + 1) & mask;
    larger[slot] = static_cast<std::uint32_t>(i + 1);
  }
  slots_ = std::move(larger);
}

Result<void> GroupTable::add(std::string_view key, std::uint64_t count) {
  const std::uint64_t hash = std::hash<std::string_view>{}(key);
  std::size_t slot = slot_of(key, hash);
  if (slots_[slot] != 0) {
    groups_[slots_[slot] - 1].count += count;
    return ok();
  }
  if (groups_.size() == groups_max_ || keys_.size() + key.size() > kKeyBytesMax) {
    return Error{Errc::too_large, "there are more than " + std::to_string(groups_.size()) +
                                      " groups: count by fewer fields, or narrow the filter"};
  }
  if ((groups_.size() + 1) * 2 > slots_.size()) {
    grow();
    slot = slot_of(key, hash);
  }
  groups_.push_back({hash, keys_.size(), key.size(), count});
  keys_.append(key);
  slots_[slot] = static_cast<std::uint32_t>(groups_.size());
  return ok();
}

std::uint64_t GroupTable::count_of(std::string_view key) const noexcept {
  const std::size_t slot = slot_of(key, std::hash<std::string_view>{}(key));
  return slots_[slot] == 0 ? 0 : groups_[slots_[slot] - 1].count;
}

}  // namespace tally::query
