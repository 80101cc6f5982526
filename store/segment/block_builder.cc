#include "store/segment/block_builder.h"

#include <algorithm>
#include <map>

#include "model/check.h"
#include "store/crc32c.h"
#include "store/field_codec.h"
#include "store/segment/event_time.h"
#include "store/segment/leaf_content.h"
#include "store/segment/text_hash.h"

namespace tally::store {
namespace {

UtcTime to_time(std::int64_t nanos) noexcept { return UtcTime{std::chrono::nanoseconds{nanos}}; }

}  // namespace

BlockBuilder::BlockBuilder(SegmentTables& tables) : tables_(&tables), shaper_(tables.schema) {}

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
  count_event(shape);
  note_origin(origin);
  add_leaf(sequence, line, origin);
}

/// The line's shape, the most detailed one that there is room for; shaped_ has its values.
std::uint32_t BlockBuilder::take_apart(std::string_view line) {
  for (const Detail detail : {Detail::full, Detail::flat}) {
    const Shaping shaping = shaper_.shape(line, detail, shaped_);
    if (shaping == Shaping::not_event) break;
    if (shaping == Shaping::too_rich) continue;
    if (const auto code = tables_->shapes.find_or_add(shaped_, detail)) return *code;
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
    if (id_bytes(column) > 0) note_id(value.text);
  }
  values_ += shaped_.values.size() + shaped_.numbers.size() + 1;
}

void BlockBuilder::note_id(std::string_view text) {
  auto& hashes = tables_->id_hashes;
  if (hashes.size() < kFilterKeysMax) {
    hashes.push_back(text_hash(text));
  } else {
    tables_->all_hashes = false;
  }
}

void BlockBuilder::count_event(std::uint32_t shape) {
  if (shaped_.has_service && tables_->shapes.facts(shape).has_operation) {
    ++counts_[std::uint64_t{shape} << 32 | shaped_.service];
  } else {
    ++uncounted_;
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

void BlockBuilder::add_leaf(Sequence sequence, std::string_view line, const EventOrigin& origin) {
  if (origin.run_begins || leaf_names_.empty()) {
    leaf_names_.clear();
    put_leaf_names(leaf_names_, *origin.run);
  }
  leaf_.clear();
  put_leaf_head(leaf_, sequence, *origin.run, origin.offset);
  leaf_ += leaf_names_;
  tree_.add(leaf_, line);
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
                     .uncounted = uncounted_,
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
  encode_counts(header);
  encode_columns(header);
  header.stored_sha256 = hasher_.hash(parts_);
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
    if (i != kServiceColumn) continue;
    std::unordered_map<std::uint64_t, std::uint32_t> counts;
    for (const auto& [key, events] : counts_) {
      const auto service = static_cast<std::uint64_t>(renumber(key & 0xFFFFFFFF));
      counts[(key >> 32 << 32) | service] = events;
    }
    counts_ = std::move(counts);
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

void BlockBuilder::encode_counts(BlockHeader& header) {
  std::map<CountKey, std::uint64_t> sums;
  for (const auto& [key, events] : counts_) {
    const ShapeFacts& facts = tables_->shapes.facts(static_cast<std::uint32_t>(key >> 32));
    sums[{static_cast<std::uint32_t>(key), facts.operation, facts.success}] += events;
  }
  EventCounts counts;
  for (const auto& [key, events] : sums) counts.push_back({key, events});
  put_counts(parts_, counts, encoder_.integers());
  close_part(header, kCountsPart);
  add_counts(tables_->counts, counts);
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
  counts_.clear();
  uncounted_ = 0;
  tree_.clear();
}

}  // namespace tally::store
