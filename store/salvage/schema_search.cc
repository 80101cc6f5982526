#include "store/salvage/schema_search.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "store/disk/field_codec.h"
#include "store/disk/sha256.h"
#include "store/segment/packed_bytes.h"
#include "store/segment/padded_read.h"
#include "store/segment/segment_format.h"

namespace tally::store {
namespace {

constexpr std::uint32_t kZstdMagic = 0xFD2FB528;
constexpr std::size_t kPieceBytes = 64 * 1024;
/// Before the frame stand its kind (a byte) and its length (a varint).
constexpr std::size_t kBeforeFrameMin = 2;
constexpr std::size_t kBeforeFrameMax = 6;
/// A schema that zstd makes no smaller is not packed; then it is short.
constexpr std::size_t kPlainMax = 4 * 1024;
/// Different ones that are tried on blocks; a segment has one.
constexpr std::size_t kSchemasMax = 4;
/// What all candidates together may unpack to.
constexpr std::size_t kUnpackedMax = 8 * kSharedBytesMax;

/// The search in one file.
class SchemaSearch {
 public:
  SchemaSearch(File& file, const FoundSegment& segment, SalvageFindings& findings)
      : file_(&file), segment_(segment), findings_(findings) {}

  Result<std::deque<FoundSchema>> run() {
    TALLY_TRY(file_bytes_, file_->size());
    const auto& footer = segment_.footer;
    if (footer && footer->schema) {
      TALLY_TRY(take_stored(*footer->schema, footer->schema->stored.offset));
      TALLY_TRY(take_stored(*footer->schema, footer->schema->copy_offset));
    }
    if (schemas_.empty()) {
      TALLY_TRY(take_plain());
      TALLY_TRY(take_packed());
    }
    return std::move(schemas_);
  }

 private:
  Result<void> take_stored(const SchemaExtent& extent, std::uint64_t offset);
  Result<void> take_plain();
  Result<void> take_packed();
  Result<void> take_frame(std::uint64_t frame);
  void add(std::string_view bytes, bool proven);

  File* file_;
  const FoundSegment& segment_;
  SalvageFindings& findings_;
  std::uint64_t file_bytes_ = 0;
  std::size_t unpacked_ = 0;
  BytesUnpacker unpacker_;
  std::set<Sha256> seen_;
  std::deque<FoundSchema> schemas_;
};

void SchemaSearch::add(std::string_view bytes, bool proven) {
  if (schemas_.size() == kSchemasMax || !seen_.insert(sha256_of(bytes)).second) return;
  auto schema = SegmentSchema::decode(bytes);
  if (schema) schemas_.push_back({std::move(schema).value(), proven});
}

Result<void> SchemaSearch::take_stored(const SchemaExtent& extent, std::uint64_t offset) {
  const SharedExtent& stored = extent.stored;
  auto bytes = read_padded(*file_, offset, std::min<std::size_t>(stored.bytes, kSharedStoredMax));
  if (!bytes && bytes.error().code != Errc::corruption) return bytes.error();
  if (!bytes || sha256_of(bytes.value().view()) != stored.sha256) {
    findings_.note(offset, stored.bytes, "a copy of the schema is damaged", true);
    return ok();
  }
  ByteReader in(bytes.value().view());
  std::string schema;
  unpacker_.unpack(in, extent.unpacked_bytes, schema);
  if (!in.failed() && in.at_end()) add(schema, true);
  return ok();
}

/// Nothing says how long a plain one is, but it says where it is whole.
Result<void> SchemaSearch::take_plain() {
  std::string bytes(kPlainMax, '\0');
  TALLY_TRY(const std::size_t read, file_->read_at(segment_.blocks_end, bytes));
  const std::string_view plain = std::string_view(bytes).substr(0, read);
  if (plain.empty() || plain.front() != '\0') return ok();
  for (std::size_t length = 2; length < plain.size() && schemas_.empty(); ++length) {
    add(plain.substr(1, length), false);
  }
  return ok();
}

Result<void> SchemaSearch::take_packed() {
  std::string magic;
  put_fixed32(magic, kZstdMagic);
  std::string piece;
  std::uint64_t from = segment_.blocks_end + kBeforeFrameMin;
  while (from < file_bytes_ && schemas_.size() < kSchemasMax && unpacked_ < kUnpackedMax) {
    piece.resize(kPieceBytes);
    TALLY_TRY(const std::size_t read, file_->read_at(from, piece));
    const std::size_t at = std::string_view(piece).substr(0, read).find(magic);
    if (at != std::string_view::npos) {
      TALLY_TRY(take_frame(from + at));
      from += at + 1;
    } else if (read < kPieceBytes) {
      break;
    } else {
      from += read - (magic.size() - 1);
    }
  }
  return ok();
}

/// The zstd frame at this offset, if what stands before it says that it is one of packed bytes.
Result<void> SchemaSearch::take_frame(std::uint64_t frame) {
  const std::uint64_t begin = frame - std::min<std::uint64_t>(frame, kBeforeFrameMax);
  std::string before(frame - begin, '\0');
  TALLY_TRY(const std::size_t read, file_->read_at(begin, before));
  if (read < before.size()) return ok();
  for (std::size_t length = kBeforeFrameMin; length <= before.size(); ++length) {
    ByteReader in(std::string_view(before).substr(before.size() - length + 1));
    const std::uint64_t frame_bytes = in.varint();
    if (in.failed() || !in.at_end() || frame_bytes > kSharedStoredMax) continue;
    const std::size_t bytes = length + frame_bytes;
    if (bytes > file_bytes_ - (frame - length)) continue;
    TALLY_TRY(const PaddedBytes packed, read_padded(*file_, frame - length, bytes));
    ByteReader packed_reader(packed.view());
    std::string schema;
    unpacked_ += bytes;
    if (!unpacker_.unpack_all(packed_reader, kSharedBytesMax, schema)) continue;
    unpacked_ += schema.size();
    add(schema, false);
  }
  return ok();
}

}  // namespace

Result<std::deque<FoundSchema>> search_schemas(File& file, const FoundSegment& segment,
                                               SalvageFindings& findings) {
  return SchemaSearch(file, segment, findings).run();
}

}  // namespace tally::store
