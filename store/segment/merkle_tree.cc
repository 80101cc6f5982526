#include "store/segment/merkle_tree.h"

#include <algorithm>
#include <string_view>

#include "store/disk/sha256.h"

namespace tally::store {
namespace {

constexpr std::string_view kNodePrefix = "\x01";

/// Two hashes that lie one after the other.
std::string_view bytes_of_pair(const Sha256& first) noexcept {
  return {reinterpret_cast<const char*>(first.data()), 2 * sizeof(Sha256)};
}

}  // namespace

/// Joined level by level, where what is left over at the end of one goes up as it is. That is the
/// tree of RFC 6962: a subtree of which the largest power of two below its leaves is on the left.
Sha256 MerkleTree::root() {
  if (leaves_.empty()) return sha256_of(std::string_view());
  level_ = leaves_;
  while (level_.size() > 1) join_level();
  return level_.front();
}

void MerkleTree::join_level() {
  const std::size_t pairs = level_.size() / 2;
  auto out = level_.begin();
  for (std::size_t pair = 0; pair < pairs;) {
    const std::size_t end = std::min(pair + kHashedAtOnce, pairs);
    for (; pair < end; ++pair) nodes_.add({kNodePrefix, bytes_of_pair(level_[2 * pair])});
    out = std::ranges::copy(nodes_.hash(), out).out;
  }
  if (level_.size() % 2 != 0) *out++ = level_.back();
  level_.erase(out, level_.end());
}

}  // namespace tally::store
