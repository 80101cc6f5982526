#include "store/segment/merkle_tree.h"

#include <algorithm>
#include <array>

namespace tally::store {
namespace {

constexpr char kNodePrefix = 0x01;

}  // namespace

void MerkleTree::add(std::string_view leaf) {
  Sha256 hash = sha256_of(leaf);
  // As in counting up a binary number: each carry joins two subtrees of the same size.
  for (std::uint64_t carry = leaves_++; (carry & 1) != 0; carry >>= 1) {
    hash = join(complete_.back(), hash);
    complete_.pop_back();
  }
  complete_.push_back(hash);
}

Sha256 MerkleTree::root() const {
  if (complete_.empty()) return sha256_of(std::string_view());
  Sha256 hash = complete_.back();
  for (std::size_t i = complete_.size() - 1; i-- > 0;) hash = join(complete_[i], hash);
  return hash;
}

void MerkleTree::clear() noexcept {
  leaves_ = 0;
  complete_.clear();
}

Sha256 MerkleTree::join(const Sha256& left, const Sha256& right) const {
  std::array<char, 1 + 2 * sizeof(Sha256)> node;
  node[0] = kNodePrefix;
  std::copy_n(reinterpret_cast<const char*>(left.data()), left.size(), &node[1]);
  std::copy_n(reinterpret_cast<const char*>(right.data()), right.size(), &node[1 + left.size()]);
  return sha256_of(std::string_view(node.data(), node.size()));
}

}  // namespace tally::store
