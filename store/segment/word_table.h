#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tally::store {

/// What all tables of a segment together may still take in.
struct WordBudget {
  std::size_t bytes_left = 0;
};

/// Texts and their codes, dense from 0: a dictionary, templates, shapes. Looked up once per value,
/// so it is one probe into a flat table and one comparison. Not thread-safe.
class WordTable {
 public:
  /// The code of `text`; a new one if it has none yet. Nothing: the table has `words_max` words,
  /// the budget is used up, or too many texts have nearly the same hash.
  std::optional<std::uint32_t> find_or_add(std::string_view text, std::size_t words_max,
                                           WordBudget& budget);

  /// The code of `text`, if it has one; counts as a use.
  std::optional<std::uint32_t> use(std::string_view text);

  /// The code of `text`, if it has one.
  std::optional<std::uint32_t> find(std::string_view text) const;

  /// Renumbers the words that were added since the last call by how often each was used, so that
  /// the frequent ones have small codes. Returns the new code of each of them: codes below
  /// settled() stay. Word lists of long-tailed use cost a tenth less for it.
  std::vector<std::uint32_t> settle();
  std::uint32_t settled() const noexcept { return settled_; }

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(places_.size()); }
  std::string_view text(std::uint32_t code) const noexcept;

  /// How often find_or_add() or use() gave a code.
  std::uint64_t uses() const noexcept { return uses_; }

 private:
  /// PERF: what a lookup misses the cache for is one slot, and one place in texts_: there, the code
  /// and the length stand before the text.
  struct Slot {
    std::uint32_t tag = 0;    ///< lower half of the text's hash
    std::uint32_t place = 0;  ///< in texts_, from 1; 0: free
  };
  struct Head {
    std::uint32_t code = 0;
    std::uint32_t length = 0;
  };

  Head head_at(std::uint32_t place) const noexcept;
  void set_head(std::uint32_t place, const Head& head) noexcept;
  const char* text_at(std::uint32_t place) const noexcept {
    return texts_.data() + place + sizeof(Head);
  }
  std::optional<std::uint32_t> look_up(std::string_view text, std::uint32_t tag) const noexcept;
  void note_use(std::uint32_t code) noexcept;
  bool add(std::string_view text, std::uint32_t tag);
  std::size_t distance_to_free(std::uint32_t tag) const noexcept;
  void put_slot(const Slot& slot) noexcept;
  void grow_slots();

  std::string texts_{'\0'};                ///< each behind its head; no place is 0
  std::vector<std::uint32_t> places_;      ///< in texts_, by code
  std::vector<std::uint32_t> fresh_uses_;  ///< of the codes from settled_
  std::vector<Slot> slots_;                ///< a power of two, at most half full
  std::size_t reach_ = 0;                  ///< no word lies this far from its slot
  std::uint32_t settled_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace tally::store
