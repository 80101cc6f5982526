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
  /// The code of `text`; a new one if it has none yet. Nothing: the table has `words_max` words, or
  /// the budget is used up.
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

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(words_.size()); }
  std::string_view text(std::uint32_t code) const noexcept { return view(words_[code]); }

  /// How often find_or_add() or use() gave a code.
  std::uint64_t uses() const noexcept { return uses_; }

 private:
  struct Word {
    std::uint64_t hash = 0;
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
    std::uint32_t fresh_uses = 0;  ///< before it was settled
  };

  std::string_view view(const Word& word) const noexcept {
    return std::string_view(texts_).substr(word.begin, word.length);
  }
  std::size_t slot_of(std::string_view text, std::uint64_t hash) const noexcept;
  void index(std::uint32_t code);
  void rebuild_index(std::size_t slots);

  std::vector<Word> words_;
  std::string texts_;
  std::vector<std::uint32_t> slots_;  ///< code + 1; 0: free. A power of two, at most half full
  std::uint32_t settled_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace tally::store
