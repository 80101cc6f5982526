#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/provenance.h"
#include "model/sequence.h"
#include "store/disk/sha256.h"
#include "store/segment/block_header.h"
#include "store/segment/column_codec.h"
#include "store/segment/commit_outline.h"
#include "store/segment/event_counts.h"
#include "store/segment/events_tree.h"
#include "store/segment/line_shaper.h"
#include "store/segment/run_list_codec.h"
#include "store/segment/schema_builder.h"
#include "store/segment/shape_matcher.h"
#include "store/segment/shape_table.h"

namespace tally::store {

/// What a segment's blocks share while they are written.
struct SegmentTables {
  SchemaBuilder schema;
  ShapeTable shapes{schema};
  EventCounts counts;  ///< of all blocks so far
  /// text_hash of all strings but those that are in a dictionary, for the needle filter.
  std::vector<std::uint64_t> hashes;
  bool all_hashes = true;  ///< false: there were more than kFilterKeysMax
};

/// Where an event came from: its run, and its own offset there.
struct EventOrigin {
  const Run* run = nullptr;
  bool run_begins = false;  ///< it is the run's first event
  std::uint64_t offset = 0;
};

/// Gathers the events of one block, then encodes them. Not thread-safe; the tables must outlive it.
class BlockBuilder {
 public:
  explicit BlockBuilder(SegmentTables& tables);
  BlockBuilder(const BlockBuilder&) = delete;
  BlockBuilder& operator=(const BlockBuilder&) = delete;

  /// Adds an event; `line` is without its LF. `sequence` follows on the one before.
  void add(Sequence sequence, std::string_view line, const EventOrigin& origin);

  /// The commits that begin in the block, or before the next one.
  CommitOutlines& commits() noexcept { return commits_; }

  bool empty() const noexcept { return count_ == 0; }
  /// It has reached one of its bounds and is to be encoded.
  bool full() const noexcept;

  /// The block: its header, less what chains it to the one before, and its parts, one after the
  /// other. Views into the builder, valid until the next call. The builder is empty then.
  struct Encoded {
    BlockHeader header;
    std::string_view parts;
  };
  Encoded encode();

 private:
  std::uint32_t take_apart(std::string_view line);
  void take_values(std::uint32_t shape);
  void note_string(std::uint64_t hash);
  void note_strings(const Column& column, const SlotValue& value);
  void note_origin(const EventOrigin& origin);

  void settle_words();
  void encode_columns(BlockHeader& header);
  EventCounts count_events(std::uint32_t& uncounted);
  void close_part(BlockHeader& header, std::uint32_t number);
  void clear();

  SegmentTables* tables_;
  LineShaper shaper_;
  ShapeMatcher matcher_;
  EventsTree tree_;
  ColumnEncoder encoder_;

  // The block at hand.
  Sequence first_{};
  std::uint32_t count_ = 0;
  std::size_t lines_bytes_ = 0;
  std::size_t values_ = 0;
  std::size_t name_bytes_ = 0;
  std::vector<std::int64_t> shapes_;
  std::vector<ColumnBuffer> columns_;
  RunList runs_;
  CommitOutlines commits_;
  EventCounter counter_;

  ShapedLine shaped_;
  std::string parts_;
  std::size_t part_begin_ = 0;
  std::string rest_;
};

}  // namespace tally::store
