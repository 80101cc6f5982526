#include "store/segment/event_leaf.h"

#include <bit>
#include <cstring>

#include "store/disk/field_codec.h"
#include "store/segment/merkle_tree.h"

namespace tally::store {
namespace {

// Places of the fixed fields.
constexpr std::size_t kSequenceAt = 1;
constexpr std::size_t kReceivedAt = kSequenceAt + sizeof(std::uint64_t);
constexpr std::size_t kKindAt = kReceivedAt + sizeof(std::uint64_t);
constexpr std::size_t kOffsetAt = kKindAt + 1;
constexpr std::size_t kNamesAt = kOffsetAt + sizeof(std::uint64_t);

void put_word(char* out, std::uint64_t word) noexcept {
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(out, &word, sizeof word);
}

}  // namespace

void EventLeaf::begin_run(const Run& run) {
  bytes_.assign(kNamesAt, MerkleTree::kLeafPrefix);
  put_word(&bytes_[kReceivedAt],
           static_cast<std::uint64_t>(run.received.time_since_epoch().count()));
  bytes_[kKindAt] = static_cast<char>(run.kind);
  put_text(bytes_, run.source);
  put_text(bytes_, run.client);
  head_bytes_ = bytes_.size();
}

// PERF: once per event, and in one piece, because SHA-256 takes one piece faster than two.
std::string_view EventLeaf::of(Sequence sequence, std::uint64_t offset, std::string_view line) {
  put_word(&bytes_[kSequenceAt], to_number(sequence));
  put_word(&bytes_[kOffsetAt], offset);
  bytes_.resize(head_bytes_);
  bytes_ += line;
  return bytes_;
}

}  // namespace tally::store
