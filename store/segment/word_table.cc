#include "store/segment/word_table.h"

#include <algorithm>
#include <numeric>

#include "store/segment/text_hash.h"
#include "store/segment/text_scan.h"

namespace tally::store {
namespace {

constexpr std::size_t kSlotsMin = 64;

/// Besides the text: an entry of words_ and, half full, two of slots_.
constexpr std::size_t kBytesPerWord = 32;

}  // namespace

std::optional<std::uint32_t> WordTable::find_or_add(std::string_view text, std::size_t words_max,
                                                    WordBudget& budget) {
  if (slots_.empty()) rebuild_index(kSlotsMin);
  const std::uint64_t hash = text_hash(text);
  const std::uint32_t found = slots_[slot_of(text, hash)];
  if (found != 0) {
    ++uses_;
    ++words_[found - 1].fresh_uses;
    return found - 1;
  }
  const std::size_t bytes = text.size() + kBytesPerWord;
  if (words_.size() >= words_max || budget.bytes_left < bytes) return std::nullopt;
  budget.bytes_left -= bytes;
  ++uses_;
  words_.push_back({hash, static_cast<std::uint32_t>(texts_.size()),
                    static_cast<std::uint32_t>(text.size()), 1});
  texts_ += text;
  if (2 * words_.size() > slots_.size()) {
    rebuild_index(2 * slots_.size());
  } else {
    index(size() - 1);
  }
  return size() - 1;
}

std::optional<std::uint32_t> WordTable::use(std::string_view text) {
  const auto code = find(text);
  if (!code) return std::nullopt;
  ++uses_;
  ++words_[*code].fresh_uses;
  return code;
}

std::optional<std::uint32_t> WordTable::find(std::string_view text) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t found = slots_[slot_of(text, text_hash(text))];
  return found == 0 ? std::nullopt : std::optional(found - 1);
}

std::vector<std::uint32_t> WordTable::settle() {
  std::vector<std::uint32_t> order(size() - settled_);
  std::iota(order.begin(), order.end(), settled_);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return words_[a].fresh_uses > words_[b].fresh_uses;
  });
  std::vector<Word> sorted;
  std::vector<std::uint32_t> renumbered(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    sorted.push_back(words_[order[i]]);
    renumbered[order[i] - settled_] = settled_ + static_cast<std::uint32_t>(i);
  }
  std::copy(sorted.begin(), sorted.end(), words_.begin() + settled_);
  settled_ = size();
  if (!order.empty()) rebuild_index(slots_.size());
  return renumbered;
}

std::size_t WordTable::slot_of(std::string_view text, std::uint64_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == 0) return slot;
    const Word& word = words_[slots_[slot] - 1];
    if (word.hash == hash && word.length == text.size() &&
        same_bytes(texts_.data() + word.begin, text.data(), text.size())) {
      return slot;
    }
  }
}

void WordTable::index(std::uint32_t code) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = words_[code].hash & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = code + 1;
}

void WordTable::rebuild_index(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::uint32_t code = 0; code < size(); ++code) index(code);
}

}  // namespace tally::store
