#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "model/time.h"
#include "store/segment/block_header.h"
#include "store/segment/commit_outline.h"
#include "store/segment/event_counts.h"
#include "store/segment/packed_bytes.h"
#include "store/segment/segment_summary.h"

namespace tally::store {

/// A stretch of the file that all blocks share, with its hash.
struct SharedExtent {
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;
  Sha256 sha256{};

  friend bool operator==(const SharedExtent&, const SharedExtent&) = default;
};

/// The schema is stored twice, because without it no block can be read.
struct SchemaExtent {
  SharedExtent stored;
  std::uint64_t copy_offset = 0;
  std::uint32_t unpacked_bytes = 0;

  friend bool operator==(const SchemaExtent&, const SchemaExtent&) = default;
};

/// How the chain of the journal's commits enters the segment, and leaves it.
struct ChainEnds {
  Sha256 previous_core{};  ///< what the first commit names as its predecessor
  Sha256 last_core{};      ///< hash of the last commit's core

  friend bool operator==(const ChainEnds&, const ChainEnds&) = default;
};

/// What a segment ends with: all that a reader needs to find the rest. docs/format/segment.md.
struct SegmentFooter {
  SegmentIdentity identity;
  std::uint64_t count = 0;
  UtcTime earliest{};
  UtcTime latest{};
  UtcTime received{};  ///< of the last event; `latest` in files that do not say it
  std::uint64_t lines_bytes = 0;
  std::vector<std::string> blocks;     ///< the header sections, as they stand before the blocks
  std::optional<SchemaExtent> schema;  ///< none if there are no blocks
  std::optional<SharedExtent> filter;  ///< none: every value may be in the segment
  std::optional<ChainEnds> chain;      ///< none if there are no commits
  CommitOutlines commits_behind;       ///< commits without events, behind the last block
  EventCounts counts;                  ///< of all events but the uncounted ones
  std::uint64_t uncounted = 0;

  friend bool operator==(const SegmentFooter&, const SegmentFooter&) = default;
};

/// For the segment's summary.
FilterExtent filter_extent(const SegmentFooter& footer) noexcept;

/// Reads and writes footers. One per thread: it keeps contexts.
class FooterCodec {
 public:
  FooterCodec() : encoder_(packer_), decoder_(unpacker_) {}
  FooterCodec(const FooterCodec&) = delete;
  FooterCodec& operator=(const FooterCodec&) = delete;

  /// The section alone, without the trailer.
  std::string encode(const SegmentFooter& footer);

  /// Eight bytes behind the section have to be readable. Errc::corruption, Errc::unsupported.
  Result<SegmentFooter> decode(std::string_view section);

 private:
  bool read_field(std::uint8_t type, std::string_view bytes, SegmentFooter& footer, bool& known);

  BytesPacker packer_;
  BytesUnpacker unpacker_;
  IntegerEncoder encoder_;
  IntegerDecoder decoder_;
};

/// How a file ends: the length of the footer before it, under a CRC.
std::string encode_trailer(std::size_t footer_bytes);

/// The length of the footer. Errc::corruption, Errc::unsupported.
Result<std::size_t> decode_trailer(std::string_view trailer);

/// The section that a file begins with.
std::string encode_segment_header(const SegmentIdentity& identity);
Result<SegmentIdentity> decode_segment_header(std::string_view section);

}  // namespace tally::store
