#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/cursor.h"
#include "store/disk/file_system.h"
#include "store/segment/event_counts.h"
#include "store/segment/segment_summary.h"

namespace tally::store {

class BlockDecoder;
class SegmentSchema;

/// What the directory says of a block: enough to tell whether a query has to read it.
struct BlockEntry {
  Sequence first{};
  std::uint32_t count = 0;        ///< events, at least one
  UtcTime earliest{};             ///< smallest time that an event states
  UtcTime latest{};               ///< largest
  std::uint32_t lines_bytes = 0;  ///< of the original lines, their LFs included
  std::uint64_t offset = 0;       ///< in the file, of the block's header
  std::uint32_t bytes = 0;        ///< in the file, header included
};

/// Reads one segment file. open() reads the footer alone; shapes and dictionaries are read when the
/// first block is. Trusts nothing: whatever the bytes are, it gives an error, and allocates no more
/// than the limits of the format. Not thread-safe. The file system must outlive it.
class SegmentReader {
 public:
  /// Errc::corruption: it is no whole segment; Errc::unsupported: a newer version wrote it.
  static Result<SegmentReader> open(FileSystem& files, const Path& path);
  /// The same of a file that is open already; `path` is for messages.
  static Result<SegmentReader> open(std::unique_ptr<File> file, const Path& path);
  ~SegmentReader();
  SegmentReader(SegmentReader&&) noexcept;
  SegmentReader& operator=(SegmentReader&&) noexcept;

  const SegmentIdentity& identity() const noexcept;
  const SegmentSummary& summary() const noexcept;

  /// All blocks, in sequence order and without a gap.
  std::span<const BlockEntry> blocks() const noexcept;

  /// The events of block `index`, from `from` on if that lies within it: views into the reader,
  /// valid until its next call. Errc::corruption names file, offset and block; the other blocks can
  /// be read all the same.
  Result<Chunk> read_block(std::size_t index, Sequence from = kFirstSequence);

  /// Whether the header before the block that read_block() gave last is not the footer's copy of
  /// it. That copy counts, so nothing is lost; but the disk has begun to change bytes, and salvage
  /// would need the header if the footer went too.
  bool own_header_damaged() const noexcept;

  /// False: no event of the segment has a string that stands for this text. True may be wrong, for
  /// one text in 256. Reads a few bytes of the needle filter.
  Result<bool> may_contain(std::string_view text);

  /// Columns, dictionaries and shapes; read at the first call. Valid as long as the reader.
  Result<const SegmentSchema*> schema();

  /// Block `index` for who wants some of its columns or lines: parts are read as they are asked
  /// for. Valid until the next call of this or of read_block().
  Result<BlockDecoder*> open_block(std::size_t index);

  /// Whether block `index` has values of a column; the directory tells.
  bool has_column(std::size_t index, std::uint32_t column) const noexcept;

  /// Where among the values of a column of block `index` this code of a dictionary is: to be asked
  /// before the block is opened. Nothing: only the whole column tells.
  Result<std::optional<std::vector<std::uint32_t>>> find_code(std::size_t index,
                                                              std::uint32_t column,
                                                              std::int64_t code);

  /// How many events there are of each service, operation and outcome, but for so many that were
  /// not counted. Codes are those of the schema's dictionaries.
  const EventCounts& counts() const noexcept;
  std::uint64_t uncounted() const noexcept;

  /// Reads all of the segment and holds it to its hashes: each block's stored bytes, its header and
  /// the footer's copy of that, the chain of block headers, events_root, and the chain of the
  /// journal's commits from the core that the first names to the hash that the footer has of the
  /// last. Errc::corruption names what does not fit.
  Result<void> audit();

 private:
  struct State;
  explicit SegmentReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tally::store
