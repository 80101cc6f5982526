#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "model/time.h"

namespace tally::store {

/// The fields of a stored event. Views that live as long as what EventReader says.
struct EventFields {
  Timestamp time{};
  std::string_view timestamp;  ///< `time` as the event spells it
  std::string_view service;
  std::string_view operation;
  std::optional<std::string_view> container;
  bool success = false;
  std::optional<std::string_view> error;
  std::string_view metadata;  ///< the JSON object as stored; empty where it is null or absent
};

/// Which fields somebody needs, so that reading can end with the last of them.
enum class FieldSet : std::uint8_t {
  none = 0,
  time = 1,
  service = 2,
  operation = 4,
  container = 8,
  success = 16,
  error = 32,
  metadata = 64,
  all = 127,
};

constexpr FieldSet operator|(FieldSet a, FieldSet b) noexcept {
  return static_cast<FieldSet>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}

constexpr FieldSet operator&(FieldSet a, FieldSet b) noexcept {
  return static_cast<FieldSet>(static_cast<std::uint8_t>(a) & static_cast<std::uint8_t>(b));
}

/// Reads the fields out of stored lines. One per thread: it keeps its parser and allocates nothing
/// per event once it has met the longest line.
class EventReader {
 public:
  EventReader();
  ~EventReader();
  EventReader(EventReader&&) noexcept;
  EventReader& operator=(EventReader&&) noexcept;

  /// The `wanted` fields of the event `line`, strings unescaped; the others may be left empty.
  /// kChunkPadding bytes behind `line` must be readable. nullptr if the line is not an
  /// event, which the store never holds unless its bytes were damaged. What is returned lives until
  /// the next call, and its `metadata` as long as `line`.
  const EventFields* read(std::string_view line, FieldSet wanted);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tally::store
