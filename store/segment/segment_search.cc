#include "store/segment/segment_search.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <numeric>

#include "store/segment/block_decoder.h"
#include "store/segment/segment_format.h"
#include "store/segment/segment_schema.h"
#include "store/segment/text_scan.h"
#include "store/segment/value_spelling.h"

namespace tally::store {
namespace {

/// The bytes that an id column would store of `text`; nothing if it stores no such text.
std::optional<std::string> id_bytes_of(const Column& column, std::string_view text) {
  std::string bytes;
  if (column.kind == ColumnKind::uuid) {
    if (!is_uuid(text)) return std::nullopt;
    append_uuid_bytes(bytes, text);
    return bytes;
  }
  const HexCase letters = column.kind == ColumnKind::hex_lower ? HexCase::lower : HexCase::upper;
  if (text.size() != 2U * column.parameter || !is_hex(text, letters)) return std::nullopt;
  append_hex_bytes(bytes, text);
  return bytes;
}

/// Indexes of the entries of a plane that are `head`.
std::vector<std::uint32_t> find_heads(std::string_view plane, std::string_view head) {
  std::vector<std::uint32_t> found;
  const std::size_t width = head.size();
  if (width != sizeof(std::uint32_t)) {
    for (std::size_t at = 0; at + width <= plane.size(); at += width) {
      if (plane.substr(at, width) == head) found.push_back(static_cast<std::uint32_t>(at / width));
    }
    return found;
  }
  std::uint32_t wanted;
  std::memcpy(&wanted, head.data(), sizeof wanted);
  const auto count = static_cast<std::uint32_t>(plane.size() / sizeof wanted);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t word;
    std::memcpy(&word, plane.data() + i * sizeof word, sizeof word);
    if (word == wanted) found.push_back(i);
  }
  return found;
}

}  // namespace

Result<SegmentSearch> SegmentSearch::prepare(SegmentReader& reader, std::string_view path,
                                             std::string_view text) {
  SegmentSearch search(reader);
  search.text_ = text;
  TALLY_TRY(search.possible_, reader.may_contain(text));
  if (!search.possible_) return search;
  TALLY_TRY(const SegmentSchema* const schema, reader.schema());
  const auto& columns = schema->columns();
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    // A line or metadata kept as it is may hold any path.
    const bool any_path = i == kLineColumn || i == kMetadataColumn;
    if (path.empty() || any_path || columns[i].path == path) search.add_column(i, *schema);
  }
  return search;
}

void SegmentSearch::add_column(std::uint32_t index, const SegmentSchema& schema) {
  const Column& column = schema.columns()[index];
  switch (column.kind) {
    case ColumnKind::hex_lower:
    case ColumnKind::hex_upper:
    case ColumnKind::uuid:
      if (auto bytes = id_bytes_of(column, text_)) ids_.push_back({index, std::move(*bytes)});
      return;
    case ColumnKind::word: {
      const auto words = schema.words(index);
      for (std::size_t code = 0; code < words.size(); ++code) {
        if (!stands_for(schema.text(words[code]), text_)) continue;
        words_.push_back({index, static_cast<std::int64_t>(code), false, {}});
      }
      return;
    }
    case ColumnKind::message:
      return add_templates(index, schema);
    case ColumnKind::json:
    case ColumnKind::text:
      texts_.push_back(index);
      return;
    default:
      return;
  }
}

/// The templates that can become the text: what stands before their first mark or escape begins it.
void SegmentSearch::add_templates(std::uint32_t index, const SegmentSchema& schema) {
  constexpr char kMarks[] = {kNumberMark, kIdMark, kContainerMark, '\\'};
  const auto templates = schema.words(index);
  for (std::size_t code = 0; code < templates.size(); ++code) {
    const std::string_view pattern = schema.text(templates[code]);
    const std::size_t mark = pattern.find_first_of({kMarks, std::size(kMarks)});
    const bool fits = mark == std::string_view::npos
                          ? pattern == text_
                          : std::string_view(text_).starts_with(pattern.substr(0, mark));
    if (fits) words_.push_back({index, static_cast<std::int64_t>(code), true, {}});
  }
}

/// Before the block is opened: which columns it has, its directory tells, and codes are found
/// without it.
Result<bool> SegmentSearch::block_is_possible(std::size_t block) {
  bool possible = false;
  for (WordColumn& wanted : words_) {
    TALLY_TRY(wanted.found, reader_->find_code(block, wanted.column, wanted.code));
    possible = possible || !wanted.found || !wanted.found->empty();
  }
  for (const IdColumn& wanted : ids_) {
    possible = possible || reader_->has_column(block, wanted.column);
  }
  for (const std::uint32_t column : texts_) {
    possible = possible || reader_->has_column(block, column);
  }
  return possible;
}

Result<std::vector<std::uint32_t>> SegmentSearch::rows(std::size_t block) {
  std::vector<std::uint32_t> rows;
  TALLY_TRY(const bool possible, block_is_possible(block));
  if (!possible) return rows;
  TALLY_TRY(block_, reader_->open_block(block));
  for (const IdColumn& wanted : ids_) {
    TALLY_TRY(find_ids(wanted, rows));
  }
  for (WordColumn& wanted : words_) {
    TALLY_TRY(find_words(wanted, rows));
  }
  for (const std::uint32_t column : texts_) {
    TALLY_TRY(find_in_texts(column, rows));
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

Result<void> SegmentSearch::find_ids(const IdColumn& wanted, std::vector<std::uint32_t>& rows) {
  if (block_->values(wanted.column) == 0) return ok();
  const std::size_t head = id_plane_bytes(wanted.bytes.size());
  TALLY_TRY(const std::string_view heads, block_->id_heads(wanted.column));
  std::vector<std::uint32_t> found =
      find_heads(heads, std::string_view(wanted.bytes).substr(0, head));
  if (found.empty()) return ok();
  const std::string_view tail = std::string_view(wanted.bytes).substr(head);
  TALLY_TRY(const std::string_view tails, block_->id_tails(wanted.column));
  std::erase_if(found, [&](std::size_t index) {
    return tails.substr(index * tail.size(), tail.size()) != tail;
  });
  const auto more = block_->rows_of(wanted.column, found);
  rows.insert(rows.end(), more.begin(), more.end());
  return ok();
}

Result<void> SegmentSearch::find_words(WordColumn& wanted, std::vector<std::uint32_t>& rows) {
  if (block_->values(wanted.column) == 0) return ok();
  if (!wanted.found) {
    TALLY_TRY(const ColumnBuffer* const words, block_->column(wanted.column));
    wanted.found.emplace();
    for (std::uint32_t i = 0; i < words->numbers.size(); ++i) {
      if (words->numbers[i] == wanted.code) wanted.found->push_back(i);
    }
  }
  const auto more = block_->rows_of(wanted.column, *wanted.found);
  if (wanted.is_template) return add_matching(more, rows);
  rows.insert(rows.end(), more.begin(), more.end());
  return ok();
}

Result<void> SegmentSearch::find_in_texts(std::uint32_t column, std::vector<std::uint32_t>& rows) {
  std::vector<std::uint32_t> values(block_->values(column));
  std::iota(values.begin(), values.end(), std::uint32_t{0});
  return add_matching(block_->rows_of(column, values), rows);
}

/// Writes the candidates' lines, and looks for the string in each.
Result<void> SegmentSearch::add_matching(const std::vector<std::uint32_t>& candidates,
                                         std::vector<std::uint32_t>& rows) {
  if (candidates.empty()) return ok();
  TALLY_TRY(std::string_view lines, block_->lines(candidates));
  for (const std::uint32_t row : candidates) {
    const std::size_t length = lines.find('\n');
    if (has_string_value(lines.substr(0, length), text_)) rows.push_back(row);
    lines.remove_prefix(length + 1);
  }
  return ok();
}

}  // namespace tally::store
