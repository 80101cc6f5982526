#include "store/segment/block_builder.h"

#include <algorithm>

#include "model/check.h"
#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/segment/event_time.h"
#include "store/segment/text_hash.h"
#include "store/segment/text_scan.h"

namespace tally::store {
namespace {

UtcTime to_time(std::int64_t nanos) noexcept { return UtcTime{std::chrono::nanoseconds{nanos}}; }

}  // namespace

BlockBuilder::BlockBuilder(SegmentTables& tables)
    : tables_(&tables), shaper_(tables.schema), matcher_(tables.schema) {}

bool BlockBuilder::full() const noexcept {
  return count_ >= kBlockEvents || lines_bytes_ >= kBlockLinesBytes || values_ >= kBlockValues ||
         name_bytes_ >= kBlockNameBytes;
}

void BlockBuilder::add(Sequence sequence, std::string_view line, const EventOrigin& origin) {
  if (count_ == 0) first_ = sequence;
  ++count_;
  lines_bytes_ += line.size() + 1;
  const std::uint32_t shape = take_apart(line);
  take_values(shape);
  note_origin(origin);
  if (origin.run_begins) tree_.begin_run(*origin.run);
  tree_.add(sequence, origin.offset, line);
}

/// The line's shape, the most detailed one that there is room for; shaped_ has its values.
std::uint32_t BlockBuilder::take_apart(std::string_view line) {
  if (const auto code = matcher_.match(line, shaped_)) return *code;
  for (const Detail detail : {Detail::full, Detail::flat}) {
    const Shaping shaping = shaper_.shape(line, detail, shaped_);
    if (shaping == Shaping::not_event) break;
    if (shaping == Shaping::too_rich) continue;
    const std::uint32_t known = tables_->shapes.size();
    if (const auto code = tables_->shapes.find_or_add(shaped_, detail)) {
      if (*code == known) matcher_.learn(shaped_.shape, known);
      return *code;
    }
  }
  shaped_.clear();
  shaped_.time = stated_time(line).value_or(UtcTime{}).time_since_epoch().count();
  shaped_.values.push_back({.column = kLineColumn, .text = line});
  return kLineShape;
}

void BlockBuilder::take_values(std::uint32_t shape) {
  const auto& columns = tables_->schema.columns();
  if (columns_.size() < columns.size()) columns_.resize(columns.size());
  shapes_.push_back(shape);
  columns_[kTimeColumn].numbers.push_back(shaped_.time);
  MessageUse used;
  for (const SlotValue& value : shaped_.values) {
    const Column& column = columns[value.column];
    append_value(columns_[value.column], column, value, shaped_, used);
    note_strings(column, value);
  }
  values_ += shaped_.values.size() + shaped_.numbers.size() + 1;
}

/// The filter knows every string of an event, wherever it is: the words of the dictionaries are
/// added at the end.
void BlockBuilder::note_strings(const Column& column, const SlotValue& value) {
  switch (column.kind) {
    case ColumnKind::hex_lower:
    case ColumnKind::hex_upper:
    case ColumnKind::uuid:
      return note_string(value.hash);
    case ColumnKind::text:
    case ColumnKind::message:
      return note_string(needle_hash(value.text));
    case ColumnKind::json: {
      std::string_view rest = value.text;
      while (const auto text = next_string(rest)) {
        note_string(needle_hash(*text));
      }
      return;
    }
    default:
      return;
  }
}

void BlockBuilder::note_string(std::uint64_t hash) {
  if (tables_->hashes.size() < kFilterKeysMax) {
    tables_->hashes.push_back(hash);
  } else {
    tables_->all_hashes = false;
  }
}

void BlockBuilder::note_origin(const EventOrigin& origin) {
  if (!origin.run_begins && !runs_.runs.empty()) {
    ++runs_.runs.back().count;
    return;
  }
  if (runs_.runs.empty()) runs_.continued = !origin.run_begins;
  Run run = *origin.run;
  run.count = 1;
  run.offset = origin.offset;
  name_bytes_ += run.source.size() + run.client.size();
  runs_.runs.push_back(std::move(run));
}

BlockBuilder::Encoded BlockBuilder::encode() {
  TALLY_CHECK(count_ > 0);
  const auto& times = columns_[kTimeColumn].numbers;
  const auto [earliest, latest] = std::minmax_element(times.begin(), times.end());
  BlockHeader header{.first = first_,
                     .count = count_,
                     .earliest = to_time(*earliest),
                     .latest = to_time(*latest),
                     .lines_bytes = static_cast<std::uint32_t>(lines_bytes_),
                     .uncounted = 0,
                     .parts = {},
                     .events_root = tree_.root()};
  parts_.clear();
  part_begin_ = 0;
  settle_words();
  encoder_.integers().encode(parts_, shapes_);
  close_part(header, kShapesPart);
  put_runs(parts_, runs_, encoder_.packer(), encoder_.integers());
  close_part(header, kRunsPart);
  if (commits_.size() > 0) {
    put_outlines(parts_, commits_, encoder_.integers());
    close_part(header, kCommitsPart);
  }
  const EventCounts counts = count_events(header.uncounted);
  add_counts(tables_->counts, counts);
  put_counts(parts_, counts, encoder_.integers());
  close_part(header, kCountsPart);
  encode_columns(header);
  header.stored_sha256 = sha256_of(parts_);
  clear();
  return {std::move(header), parts_};
}

/// Gives the dictionaries' new words their final codes, and puts these into the block's values.
void BlockBuilder::settle_words() {
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    const ColumnKind kind = tables_->schema.columns()[i].kind;
    if (i == kOperationColumn || (kind != ColumnKind::word && kind != ColumnKind::message)) {
      continue;
    }
    WordTable& words = tables_->schema.words(i);
    const std::uint32_t settled = words.settled();
    const std::vector<std::uint32_t> codes = words.settle();
    if (codes.empty()) continue;
    const auto renumber = [&](std::int64_t code) -> std::int64_t {
      return code < settled ? code : codes[static_cast<std::size_t>(code) - settled];
    };
    auto& numbers = columns_[i].numbers;
    std::transform(numbers.begin(), numbers.end(), numbers.begin(), renumber);
  }
}

void BlockBuilder::encode_columns(BlockHeader& header) {
  const auto& columns = tables_->schema.columns();
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].numbers.empty() && columns_[i].bytes.empty()) continue;
    rest_.clear();
    encoder_.encode(parts_, rest_, columns[i], columns_[i]);
    close_part(header, part_of_column(i));
    if (rest_.empty()) continue;
    parts_ += rest_;
    close_part(header, part_of_column(i) + 1);
  }
}

EventCounts BlockBuilder::count_events(std::uint32_t& uncounted) {
  auto service = columns_[kServiceColumn].numbers.begin();
  for (const std::int64_t shape : shapes_) {
    const ShapeFacts& facts = tables_->shapes.facts(static_cast<std::uint32_t>(shape));
    const auto code = static_cast<std::uint32_t>(facts.has_service ? *service++ : 0);
    if (facts.has_service && facts.has_operation) {
      counter_.add({code, facts.operation, facts.success});
    } else {
      ++uncounted;
    }
  }
  return counter_.take();
}

void BlockBuilder::close_part(BlockHeader& header, std::uint32_t number) {
  const std::string_view part = std::string_view(parts_).substr(part_begin_);
  header.parts.push_back({number, static_cast<std::uint32_t>(part.size()), crc32c(part)});
  part_begin_ = parts_.size();
}

void BlockBuilder::clear() {
  count_ = 0;
  lines_bytes_ = 0;
  values_ = 0;
  name_bytes_ = 0;
  shapes_.clear();
  for (ColumnBuffer& column : columns_) column.clear();
  runs_.runs.clear();
  commits_.clear();
  tree_.clear();
}

}  // namespace tally::store
