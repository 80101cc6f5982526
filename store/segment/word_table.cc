#include "store/segment/word_table.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "store/segment/text_hash.h"
#include "store/segment/text_scan.h"

namespace tally::store {
namespace {

constexpr std::size_t kSlotsMin = 64;

/// Besides the text: its head, an entry of places_ and of fresh_uses_ and, half full, two slots.
constexpr std::size_t kBytesPerWord = 32;

/// How far from its own slot a word may lie. It takes more words than a table may have to come so
/// far by chance; texts that were chosen for it, since the hash has no key, are not taken in.
constexpr std::size_t kDistanceMax = 128;

std::uint32_t tag_of(std::string_view text) noexcept {
  return static_cast<std::uint32_t>(text_hash(text));
}

}  // namespace

std::optional<std::uint32_t> WordTable::find_or_add(std::string_view text, std::size_t words_max,
                                                    WordBudget& budget) {
  const std::uint32_t tag = tag_of(text);
  if (const auto code = look_up(text, tag)) {
    note_use(*code);
    return code;
  }
  const std::size_t bytes = text.size() + kBytesPerWord;
  if (size() >= words_max || budget.bytes_left < bytes || !add(text, tag)) return std::nullopt;
  budget.bytes_left -= bytes;
  note_use(size() - 1);
  return size() - 1;
}

std::optional<std::uint32_t> WordTable::use(std::string_view text) {
  const auto code = find(text);
  if (code) note_use(*code);
  return code;
}

std::optional<std::uint32_t> WordTable::find(std::string_view text) const {
  return look_up(text, tag_of(text));
}

std::vector<std::uint32_t> WordTable::settle() {
  std::vector<std::uint32_t> order(size() - settled_);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return fresh_uses_[a] > fresh_uses_[b];
  });
  const std::vector<std::uint32_t> fresh(places_.begin() + settled_, places_.end());
  std::vector<std::uint32_t> renumbered(order.size());
  for (const std::uint32_t was : order) {
    const std::uint32_t place = fresh[was];
    set_head(place, {settled_, head_at(place).length});
    places_[settled_] = place;
    renumbered[was] = settled_++;
  }
  fresh_uses_.clear();
  return renumbered;
}

std::string_view WordTable::text(std::uint32_t code) const noexcept {
  const std::uint32_t place = places_[code];
  return {text_at(place), head_at(place).length};
}

WordTable::Head WordTable::head_at(std::uint32_t place) const noexcept {
  Head head;
  std::memcpy(&head, texts_.data() + place, sizeof head);
  return head;
}

void WordTable::set_head(std::uint32_t place, const Head& head) noexcept {
  std::memcpy(texts_.data() + place, &head, sizeof head);
}

std::optional<std::uint32_t> WordTable::look_up(std::string_view text,
                                                std::uint32_t tag) const noexcept {
  for (std::size_t distance = 0; distance < reach_; ++distance) {
    const Slot& slot = slots_[(tag + distance) & (slots_.size() - 1)];
    if (slot.place == 0) return std::nullopt;
    if (slot.tag != tag) continue;
    const Head head = head_at(slot.place);
    if (head.length == text.size() && same_bytes(text_at(slot.place), text.data(), text.size())) {
      return head.code;
    }
  }
  return std::nullopt;
}

void WordTable::note_use(std::uint32_t code) noexcept {
  ++uses_;
  if (code >= settled_) ++fresh_uses_[code - settled_];
}

/// False: it would lie too far from its slot.
bool WordTable::add(std::string_view text, std::uint32_t tag) {
  if (2 * (places_.size() + 1) > slots_.size()) grow_slots();
  if (distance_to_free(tag) > kDistanceMax) return false;
  const auto place = static_cast<std::uint32_t>(texts_.size());
  put_slot({tag, place});
  texts_.append(sizeof(Head), '\0');
  set_head(place, {size(), static_cast<std::uint32_t>(text.size())});
  texts_ += text;
  places_.push_back(place);
  fresh_uses_.push_back(0);
  return true;
}

std::size_t WordTable::distance_to_free(std::uint32_t tag) const noexcept {
  std::size_t distance = 0;
  while (slots_[(tag + distance) & (slots_.size() - 1)].place != 0) ++distance;
  return distance;
}

void WordTable::put_slot(const Slot& slot) noexcept {
  const std::size_t distance = distance_to_free(slot.tag);
  slots_[(slot.tag + distance) & (slots_.size() - 1)] = slot;
  reach_ = std::max(reach_, distance + 1);
}

void WordTable::grow_slots() {
  std::vector<Slot> before(std::max(kSlotsMin, 2 * slots_.size()));
  before.swap(slots_);
  reach_ = 0;
  for (const Slot& slot : before) {
    if (slot.place != 0) put_slot(slot);
  }
}

}  // namespace tally::store
