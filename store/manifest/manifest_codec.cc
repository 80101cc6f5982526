#include "store/manifest/manifest_codec.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "model/check.h"
#include "store/disk/crc32c.h"
#include "store/disk/crc_record.h"
#include "store/disk/field_codec.h"

namespace tally::store {
namespace {

// docs/format/manifest.md. Do not change without a new version: on disk.
constexpr std::string_view kMagic = "tallymft";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kStoreAt = 12;
constexpr std::size_t kHeaderCrcAt = 28;
constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kRecordBytesMax = 4096;

enum class RecordKind : std::uint8_t { segment = 0x01, removed = 0x02 };
enum class SegmentField : std::uint8_t {
  number = 0x01,
  first = 0x02,
  count = 0x03,
  earliest = 0x04,
  latest = 0x05,
  lines_bytes = 0x06,
  stored_bytes = 0x07,
  footer_sha256 = 0x08,
  received = 0x80,
  filter = 0x81,
};
enum class RemovedField : std::uint8_t { through = 0x01, first = 0x02 };

std::string fixed64(UtcTime time) {
  std::string out;
  put_fixed64(out, static_cast<std::uint64_t>(time.time_since_epoch().count()));
  return out;
}

std::string varint(std::uint64_t value) {
  std::string out;
  put_varint(out, value);
  return out;
}

template <class FieldType>
void add(std::string& out, FieldType type, std::string_view value) {
  put_field(out, static_cast<std::uint8_t>(type), value);
}

UtcTime read_time(ByteReader& in) noexcept {
  return UtcTime{std::chrono::nanoseconds{static_cast<std::int64_t>(in.fixed64())}};
}

bool read_field(SegmentField type, ByteReader& in, SegmentSummary& segment) {
  switch (type) {
    case SegmentField::number:
      segment.number = in.varint();
      return true;
    case SegmentField::first:
      segment.first = Sequence{in.varint()};
      return true;
    case SegmentField::count:
      segment.count = in.varint();
      return true;
    case SegmentField::earliest:
      segment.earliest = read_time(in);
      return true;
    case SegmentField::latest:
      segment.latest = read_time(in);
      segment.received = segment.latest;  // Unless the field of that name follows.
      return true;
    case SegmentField::lines_bytes:
      segment.lines_bytes = in.varint();
      return true;
    case SegmentField::stored_bytes:
      segment.stored_bytes = in.varint();
      return true;
    case SegmentField::footer_sha256:
      in.bytes_into(segment.footer_sha256);
      return true;
    case SegmentField::received:
      segment.received = read_time(in);
      return true;
    case SegmentField::filter:
      segment.filter.offset = in.varint();
      segment.filter.bytes = in.varint();
      return true;
  }
  return false;
}

bool read_field(RemovedField type, ByteReader& in, RemovedFiles& removed) {
  switch (type) {
    case RemovedField::through:
      removed.through = in.varint();
      return true;
    case RemovedField::first:
      removed.first = Sequence{in.varint()};
      return true;
  }
  return false;
}

template <class FieldType, class Record, std::size_t kCount>
Result<Record> read_record(std::string_view bytes, std::string_view what,
                           const std::array<std::uint8_t, kCount>& required) {
  Record record;
  FieldReader fields(bytes, what);
  while (true) {
    TALLY_TRY(const auto field, fields.next());
    if (!field) break;
    ByteReader value(field->value);
    if (!read_field(static_cast<FieldType>(field->type), value, record)) {
      TALLY_TRY(fields.unknown(field->type));
    } else if (value.failed() || !value.at_end()) {
      return fields.malformed(field->type);
    }
  }
  TALLY_TRY(fields.require(required));
  return record;
}

/// Numbers that no writer gives would wrap around where they are added up.
bool sound(const SegmentSummary& segment) noexcept {
  const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - to_number(segment.first);
  return segment.number > 0 && segment.first >= kFirstSequence && segment.count <= room;
}

/// Collects records; the newest of a number counts.
class Collector {
 public:
  Result<void> take(std::string_view body) {
    const auto kind = static_cast<std::uint8_t>(body[0]);
    const std::string_view fields = body.substr(1);
    switch (static_cast<RecordKind>(kind)) {
      case RecordKind::segment:
        return take_segment(fields);
      case RecordKind::removed:
        return take_removed(fields);
    }
    if (kind >= kIgnorableFields) return ok();
    return Error{Errc::unsupported, "MANIFEST: a record of a kind that a newer Tally wrote"};
  }

  void finish(Manifest& manifest) {
    auto& segments = manifest.segments;
    std::ranges::stable_sort(segments_, {}, &SegmentSummary::number);
    for (SegmentSummary& segment : segments_) {
      if (segment.number <= removed_.through) continue;
      if (!segments.empty() && segments.back().number == segment.number) segments.pop_back();
      segments.push_back(segment);
    }
    manifest.removed = removed_;
  }

 private:
  Result<void> take_segment(std::string_view fields) {
    constexpr std::array<std::uint8_t, 8> kRequired{1, 2, 3, 4, 5, 6, 7, 8};
    TALLY_TRY(const SegmentSummary segment,
              (read_record<SegmentField, SegmentSummary>(fields, "MANIFEST segment", kRequired)));
    if (!sound(segment)) return Error{Errc::corruption, "MANIFEST: a segment that cannot be"};
    segments_.push_back(segment);
    return ok();
  }

  Result<void> take_removed(std::string_view fields) {
    constexpr std::array<std::uint8_t, 2> kRequired{1, 2};
    TALLY_TRY(const RemovedFiles removed,
              (read_record<RemovedField, RemovedFiles>(fields, "MANIFEST removal", kRequired)));
    if (removed.through == 0 || removed.first < kFirstSequence) {
      return Error{Errc::corruption, "MANIFEST: a removal that cannot be"};
    }
    if (removed.through >= removed_.through) removed_ = removed;
    return ok();
  }

  RemovedFiles removed_;
  std::vector<SegmentSummary> segments_;
};

/// Whose manifest begins so; nothing: the header is torn or damaged.
Result<std::optional<StoreId>> read_header(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic) ||
      crc32c(bytes.substr(0, kHeaderCrcAt)) != get_fixed32(bytes.data() + kHeaderCrcAt)) {
    return std::nullopt;
  }
  if (get_fixed32(bytes.data() + kMagic.size()) != kVersion) {
    return Error{Errc::unsupported, "MANIFEST is of another version of the format"};
  }
  StoreId store;
  ByteReader in(bytes.substr(kStoreAt, store.bytes.size()));
  in.bytes_into(std::as_writable_bytes(std::span(store.bytes)));
  return std::optional(store);
}

}  // namespace

Result<FoundManifest> decode_manifest(std::string_view bytes) {
  FoundManifest found;
  TALLY_TRY(found.manifest.store, read_header(bytes));
  if (!found.manifest.store) return found;
  Collector collector;
  std::string_view rest = bytes.substr(kHeaderBytes);
  while (const auto body = record_body(rest, kRecordBytesMax)) {
    auto taken = collector.take(*body);
    if (!taken && taken.error().code != Errc::corruption) return taken.error();
    if (!taken) break;
    rest.remove_prefix(kRecordPrefixBytes + body->size());
    ++found.records;
  }
  collector.finish(found.manifest);
  found.whole = rest.empty();
  return found;
}

std::string encode_manifest(const Manifest& manifest) {
  TALLY_CHECK(manifest.store);
  std::string out(kMagic);
  put_fixed32(out, kVersion);
  put_bytes(out, std::as_bytes(std::span(manifest.store->bytes)));
  put_fixed32(out, crc32c(out));
  if (manifest.removed.through > 0) put_removed_record(out, manifest.removed);
  for (const SegmentSummary& segment : manifest.segments) put_segment_record(out, segment);
  return out;
}

void put_segment_record(std::string& out, const SegmentSummary& segment) {
  using enum SegmentField;
  std::string body(1, static_cast<char>(RecordKind::segment));
  add(body, number, varint(segment.number));
  add(body, first, varint(to_number(segment.first)));
  add(body, count, varint(segment.count));
  add(body, earliest, fixed64(segment.earliest));
  add(body, latest, fixed64(segment.latest));
  add(body, lines_bytes, varint(segment.lines_bytes));
  add(body, stored_bytes, varint(segment.stored_bytes));
  std::string hash;
  put_bytes(hash, segment.footer_sha256);
  add(body, footer_sha256, hash);
  add(body, received, fixed64(segment.received));
  if (segment.filter.bytes > 0) {
    add(body, filter, varint(segment.filter.offset) + varint(segment.filter.bytes));
  }
  put_record(out, body);
}

void put_removed_record(std::string& out, const RemovedFiles& removed) {
  TALLY_CHECK(removed.through > 0);
  std::string body(1, static_cast<char>(RecordKind::removed));
  add(body, RemovedField::through, varint(removed.through));
  add(body, RemovedField::first, varint(to_number(removed.first)));
  put_record(out, body);
}

}  // namespace tally::store
