#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/segment/segment_reader.h"

namespace tally::store {

/// Looks in a segment for the events that have a certain string: a container, a request's id. It
/// decodes what it needs to rule events out, and no more: codes of a dictionary, the first bytes of
/// ids. However the string is spelled with escapes, it is found. Not thread-safe; the reader must
/// outlive it, and serves nobody else between rows() and what is done with them.
class SegmentSearch {
 public:
  /// `path` is that of a column ("container"; but not "operation", which is part of shapes), or
  /// empty for any. Asks the needle filter first.
  static Result<SegmentSearch> prepare(SegmentReader& reader, std::string_view path,
                                       std::string_view text);

  /// The segment has no such event; nothing else needs to be read.
  bool hopeless() const noexcept { return !possible_; }

  /// The events of a block that have the string, as indexes in ascending order; where a path was
  /// given, also some that have it elsewhere, in a text that has no column of its own. The block
  /// stays open, unless there are none: block() writes their lines.
  Result<std::vector<std::uint32_t>> rows(std::size_t block);
  BlockDecoder& block() noexcept { return *block_; }

 private:
  struct IdColumn {
    std::uint32_t column = 0;
    std::string bytes;  ///< of the id that is looked for
  };
  struct WordColumn {
    std::uint32_t column = 0;
    std::int64_t code = 0;
    bool is_template = false;  ///< whose text has to be written to know whether it is the one
    std::optional<std::vector<std::uint32_t>> found;  ///< in the block at hand, if that tells
  };

  explicit SegmentSearch(SegmentReader& reader) : reader_(&reader) {}

  void add_column(std::uint32_t index, const SegmentSchema& schema);
  void add_templates(std::uint32_t index, const SegmentSchema& schema);
  Result<bool> block_is_possible(std::size_t block);
  Result<void> find_ids(const IdColumn& wanted, std::vector<std::uint32_t>& rows);
  Result<void> find_words(WordColumn& wanted, std::vector<std::uint32_t>& rows);
  Result<void> find_in_texts(std::uint32_t column, std::vector<std::uint32_t>& rows);
  Result<void> add_matching(const std::vector<std::uint32_t>& candidates,
                            std::vector<std::uint32_t>& rows);

  SegmentReader* reader_;
  std::string text_;
  bool possible_ = true;
  std::vector<IdColumn> ids_;
  std::vector<WordColumn> words_;
  std::vector<std::uint32_t> texts_;  ///< columns whose values are only known when they are written
  BlockDecoder* block_ = nullptr;
};

}  // namespace tally::store
