#pragma once

#include <cstdint>

namespace tally {

/// An accepted event's number in its store: dense, from 1, in commit order, never reused.
enum class Sequence : std::uint64_t {};

inline constexpr Sequence kFirstSequence{1};

constexpr std::uint64_t to_number(Sequence sequence) noexcept {
  return static_cast<std::uint64_t>(sequence);
}

/// The sequence `count` events after `sequence`.
constexpr Sequence advance(Sequence sequence, std::uint64_t count) noexcept {
  return Sequence{to_number(sequence) + count};
}

/// How many events lie between two sequences; `first` must not be after `last`.
constexpr std::uint64_t distance(Sequence first, Sequence last) noexcept {
  return to_number(last) - to_number(first);
}

}  // namespace tally
