#include "store/segment/merkle_tree.h"

#include <cstring>
#include <string>
#include <string_view>

#include "store/disk/sha256.h"

namespace tally::store {
namespace {

constexpr char kNodePrefix = 0x01;
/// A node: the prefix and the hashes of both its children.
constexpr std::size_t kNodeBytes = 1 + 2 * sizeof(Sha256);

}  // namespace

void MerkleTree::add(Sha256 leaf) {
  // As in counting up a binary number: each carry joins two subtrees of the same size.
  for (std::uint64_t carry = leaves_++; (carry & 1) != 0; carry >>= 1) {
    leaf = join(complete_.back(), leaf);
    complete_.pop_back();
  }
  complete_.push_back(leaf);
}

Sha256 MerkleTree::root() {
  if (complete_.empty()) return sha256_of(std::string_view());
  Sha256 hash = complete_.back();
  for (std::size_t i = complete_.size() - 1; i-- > 0;) hash = join(complete_[i], hash);
  return hash;
}

void MerkleTree::clear() noexcept {
  leaves_ = 0;
  complete_.clear();
}

Sha256 MerkleTree::join(const Sha256& left, const Sha256& right) {
  if (node_.size() == 0) node_.append(std::string(kNodeBytes, kNodePrefix));
  std::memcpy(node_.data() + 1, left.data(), left.size());
  std::memcpy(node_.data() + 1 + left.size(), right.data(), right.size());
  return node_.hash();
}

}  // namespace tally::store
