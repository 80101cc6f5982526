#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace tally::store {

/// A key of an event's metadata with its value: a string's text unescaped, anything else as the
/// JSON it is written as.
struct MetadataField {
  std::string_view key;
  std::string_view value;
  bool is_string = false;
};

/// Looks into an event's metadata. One per thread: it keeps its parser and allocates nothing per
/// event once it has met the longest. kChunkPadding bytes behind `metadata` must be
/// readable. Everything returned lives until the next call.
class MetadataReader {
 public:
  MetadataReader();
  ~MetadataReader();
  MetadataReader(MetadataReader&&) noexcept;
  MetadataReader& operator=(MetadataReader&&) noexcept;

  /// The value at `path`: keys joined by dots. A key may hold dots itself: the first in the order
  /// of the text that fits counts. Nothing where it is null or not there.
  std::optional<std::string_view> find(std::string_view metadata, std::string_view path);

  /// All keys of the outermost object.
  std::span<const MetadataField> fields(std::string_view metadata);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tally::store
