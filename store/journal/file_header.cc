#include "store/journal/file_header.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/journal/checkpoint_codec.h"
#include "store/journal/journal_format.h"

namespace tally::store {
namespace {

constexpr std::string_view kWhat = "journal file header";

std::uint64_t nanoseconds(UtcTime time) noexcept {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

UtcTime time_of(std::uint64_t nanoseconds) noexcept {
  return UtcTime{std::chrono::nanoseconds{static_cast<std::int64_t>(nanoseconds)}};
}

std::span<std::byte> bytes_of(StoreId& id) noexcept {
  return std::as_writable_bytes(std::span(id.bytes));
}

/// Collects fields behind the prefix of a file header.
class Fields {
 public:
  explicit Fields(std::string& out) : out_(out) {}

  /// Adds the field whose value `put` appends to the string that it is given.
  template <class Put>
  void add(FileHeaderField type, Put put) {
    value_.clear();
    put(value_);
    put_field(out_, static_cast<std::uint8_t>(type), value_);
  }

 private:
  std::string& out_;
  std::string value_;
};

void put_fields(std::string& out, const FileHeader& header) {
  using enum FileHeaderField;
  Fields fields(out);
  fields.add(store, [&](auto& to) { put_bytes(to, std::as_bytes(std::span(header.store.bytes))); });
  fields.add(number, [&](auto& to) { put_varint(to, header.number); });
  fields.add(first, [&](auto& to) { put_varint(to, to_number(header.first)); });
  fields.add(previous_core, [&](auto& to) { put_bytes(to, header.previous_core); });
  fields.add(salt, [&](auto& to) { put_fixed64(to, header.salt); });
  fields.add(created, [&](auto& to) { put_fixed64(to, nanoseconds(header.created)); });
  fields.add(last_received, [&](auto& to) { put_fixed64(to, nanoseconds(header.last_received)); });
  fields.add(checkpoints, [&](auto& to) { put_checkpoints(to, header.checkpoints); });
}

/// Reads one field into the header. False: its type is not known.
bool read_field(FileHeaderField type, ByteReader& in, FileHeader& header) {
  switch (type) {
    case FileHeaderField::store:
      in.bytes_into(bytes_of(header.store));
      return true;
    case FileHeaderField::number:
      header.number = in.varint();
      return true;
    case FileHeaderField::first:
      header.first = Sequence{in.varint()};
      return true;
    case FileHeaderField::previous_core:
      in.bytes_into(header.previous_core);
      return true;
    case FileHeaderField::salt:
      header.salt = in.fixed64();
      return true;
    case FileHeaderField::created:
      header.created = time_of(in.fixed64());
      return true;
    case FileHeaderField::last_received:
      header.last_received = time_of(in.fixed64());
      return true;
    case FileHeaderField::checkpoints:
      header.checkpoints = read_checkpoints(in, kSnapshotCheckpointsMax);
      return true;
  }
  return false;
}

Result<FileHeader> read_fields(std::string_view bytes) {
  FileHeader header;
  FieldReader fields(bytes, kWhat);
  while (true) {
    TALLY_TRY(const auto field, fields.next());
    if (!field) break;
    ByteReader value(field->value);
    if (!read_field(static_cast<FileHeaderField>(field->type), value, header)) {
      TALLY_TRY(fields.unknown(field->type));
    } else if (value.failed() || !value.at_end()) {
      return fields.malformed(field->type);
    }
  }
  constexpr std::array<std::uint8_t, 8> kRequired{1, 2, 3, 4, 5, 6, 7, 8};
  TALLY_TRY(fields.require(kRequired));
  if (header.first < kFirstSequence) {
    return fields.malformed(static_cast<std::uint8_t>(FileHeaderField::first));
  }
  return header;
}

}  // namespace

Result<std::string> encode(const FileHeader& header) {
  std::string out;
  put_fixed32(out, kFileHeaderMagic);
  put_fixed32(out, 0);  // The size, known below.
  out += kFileHeaderTag;
  out.push_back(static_cast<char>(kJournalVersion));
  put_fields(out, header);
  const std::size_t bytes = out.size() + kCrcBytes;
  if (bytes > kFileHeaderBytesMax || header.checkpoints.size() > kSnapshotCheckpointsMax ||
      !std::all_of(header.checkpoints.begin(), header.checkpoints.end(), within_limits)) {
    return Error{Errc::too_large, "too many or too large source checkpoints for a journal file"};
  }
  std::string size;
  put_fixed32(size, static_cast<std::uint32_t>(bytes - kSkippableBytes));
  out.replace(kSkippableBytes - size.size(), size.size(), size);
  put_fixed32(out, crc32c(out));
  return out;
}

Result<std::size_t> file_header_bytes(std::string_view prefix) {
  if (prefix.size() < kFileHeaderPrefixBytes || get_fixed32(prefix.data()) != kFileHeaderMagic ||
      prefix.substr(kSkippableBytes, kFileHeaderTag.size()) != kFileHeaderTag) {
    return Error{Errc::corruption, "no journal file header"};
  }
  const std::size_t bytes = kSkippableBytes + get_fixed32(prefix.data() + 4);
  if (bytes < kFileHeaderPrefixBytes + kCrcBytes || bytes > kFileHeaderBytesMax) {
    return Error{Errc::corruption, "journal file header of impossible length"};
  }
  return bytes;
}

Result<DecodedFileHeader> decode_file_header(std::string_view bytes) {
  TALLY_TRY(const std::size_t length, file_header_bytes(bytes));
  if (length > bytes.size()) return Error{Errc::corruption, "journal file header is cut short"};
  const std::string_view covered = bytes.substr(0, length - kCrcBytes);
  if (crc32c(covered) != get_fixed32(covered.data() + covered.size())) {
    return Error{Errc::corruption, "journal file header does not match its CRC"};
  }
  // Only now: a damaged version byte is damage, not a newer version.
  if (static_cast<std::uint8_t>(covered[kFileHeaderPrefixBytes - 1]) != kJournalVersion) {
    return Error{Errc::unsupported, "journal file of another version of the format"};
  }
  TALLY_TRY(FileHeader header, read_fields(covered.substr(kFileHeaderPrefixBytes)));
  return DecodedFileHeader{std::move(header), length};
}

}  // namespace tally::store
