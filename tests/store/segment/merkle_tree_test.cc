#include "store/segment/merkle_tree.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "store/disk/sha256.h"

namespace tally::store {
namespace {

std::string bytes_of(const Sha256& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// RFC 6962, section 2.1, as it is written there.
Sha256 reference_root(std::span<const std::string> leaves) {
  if (leaves.empty()) return sha256_of(std::string_view());
  if (leaves.size() == 1) return sha256_of(std::string(1, '\0') + leaves[0]);
  std::size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  return sha256_of("\x01" + bytes_of(reference_root(leaves.first(k))) +
                   bytes_of(reference_root(leaves.subspan(k))));
}

TEST(MerkleTree, HasTheRootOfRfc6962) {
  MerkleTree tree;
  std::vector<std::string> leaves;
  EXPECT_EQ(tree.root(), reference_root(leaves));
  for (int i = 0; i < 70; ++i) {
    leaves.push_back("leaf " + std::to_string(i));
    tree.add(sha256_of(std::string(1, MerkleTree::kLeafPrefix) + leaves.back()));
    ASSERT_EQ(tree.root(), reference_root(leaves)) << i;
  }
  tree.clear();
  EXPECT_EQ(tree.root(), reference_root({}));
}

}  // namespace
}  // namespace tally::store
