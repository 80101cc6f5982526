#include "store/segment/events_tree.h"

#include <bit>
#include <cstring>

#include "store/disk/field_codec.h"

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

void EventsTree::begin_run(const Run& run) {
  head_.assign(kNamesAt, MerkleTree::kLeafPrefix);
  put_word(&head_[kReceivedAt],
           static_cast<std::uint64_t>(run.received.time_since_epoch().count()));
  head_[kKindAt] = static_cast<char>(run.kind);
  put_text(head_, run.source);
  put_text(head_, run.client);
}

// PERF: once per event.
void EventsTree::add(Sequence sequence, std::uint64_t offset, std::string_view line) {
  put_word(&head_[kSequenceAt], to_number(sequence));
  put_word(&head_[kOffsetAt], offset);
  leaves_.add({head_, line});
  if (leaves_.size() == kHashedAtOnce) hash_leaves();
}

Sha256 EventsTree::root() {
  hash_leaves();
  return tree_.root();
}

void EventsTree::clear() noexcept {
  leaves_.clear();
  tree_.clear();
}

void EventsTree::hash_leaves() {
  for (const Sha256& leaf : leaves_.hash()) tree_.add(leaf);
}

}  // namespace tally::store
