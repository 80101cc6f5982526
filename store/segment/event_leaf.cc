#include "store/segment/event_leaf.h"

#include <bit>
#include <cstring>
#include <string>

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
  std::string head(kNamesAt, MerkleTree::kLeafPrefix);
  put_word(&head[kReceivedAt], static_cast<std::uint64_t>(run.received.time_since_epoch().count()));
  head[kKindAt] = static_cast<char>(run.kind);
  put_text(head, run.source);
  put_text(head, run.client);
  head_bytes_ = head.size();
  bytes_.cut(0);
  bytes_.append(head);
}

// PERF: once per event.
Sha256 EventLeaf::hash(Sequence sequence, std::uint64_t offset, std::string_view line) {
  put_word(bytes_.data() + kSequenceAt, to_number(sequence));
  put_word(bytes_.data() + kOffsetAt, offset);
  bytes_.cut(head_bytes_);
  bytes_.append(line);
  return bytes_.hash();
}

}  // namespace tally::store
