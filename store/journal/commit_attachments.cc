#include "store/journal/commit_attachments.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "store/disk/field_codec.h"
#include "store/journal/checkpoint_codec.h"
#include "store/journal/journal_format.h"
#include "store/journal/provenance_codec.h"

namespace tally::store {
namespace {

constexpr std::string_view kWhat = "commit attachments";

void put_attachment(std::string& out, AttachmentField type, std::string_view value) {
  if (!value.empty()) put_field(out, static_cast<std::uint8_t>(type), value);
}

std::string encoded(const std::vector<StoredFrame>& frames) {
  std::string out;
  for (const StoredFrame& frame : frames) {
    put_varint(out, frame.bytes);
    put_fixed32(out, frame.crc);
  }
  return out;
}

std::string encoded(const std::vector<SourceCheckpoint>& checkpoints) {
  std::string out;
  put_checkpoints(out, checkpoints);
  return out;
}

std::string encoded(const std::vector<IdempotencyKey>& keys) {
  std::string out;
  UtcTime before{};
  for (const IdempotencyKey& key : keys) {
    put_text(out, key.client);
    put_bytes(out, key.key_sha256);
    put_bytes(out, key.body_sha256);
    put_time_after(out, before, key.received);
    put_varint(out, key.first_event);
    put_varint(out, key.count);
    before = key.received;
  }
  return out;
}

std::vector<StoredFrame> read_stored(ByteReader& in) {
  std::vector<StoredFrame> frames;
  while (!in.at_end()) {
    StoredFrame frame;
    frame.bytes = static_cast<std::uint32_t>(in.varint(kFrameStoredMax));
    frame.crc = in.fixed32();
    if (frame.bytes == 0 || frames.size() == kCommitFramesMax) in.fail();
    if (in.failed()) return {};
    frames.push_back(frame);
  }
  return frames;
}

IdempotencyKey read_key(ByteReader& in, UtcTime before) {
  IdempotencyKey key;
  key.client = in.text(kNameBytesMax);
  in.bytes_into(key.key_sha256);
  in.bytes_into(key.body_sha256);
  key.received = read_time_after(in, before);
  key.first_event = static_cast<std::uint32_t>(in.varint(kCommitEventsMax));
  key.count = static_cast<std::uint32_t>(in.varint(kCommitEventsMax));
  return key;
}

std::vector<IdempotencyKey> read_keys(ByteReader& in) {
  std::vector<IdempotencyKey> keys;
  UtcTime before{};
  std::size_t name_bytes = 0;
  while (!in.at_end()) {
    IdempotencyKey key = read_key(in, before);
    before = key.received;
    name_bytes += key.client.size();
    if (keys.size() == kCommitKeysMax || name_bytes > kCommitNameBytesMax) in.fail();
    if (in.failed()) return {};
    keys.push_back(std::move(key));
  }
  return keys;
}

/// Reads one field into the header. False: its type is not known.
bool read_field(AttachmentField type, ByteReader& in, CommitHeader& header) {
  switch (type) {
    case AttachmentField::stored:
      header.stored = read_stored(in);
      return true;
    case AttachmentField::checkpoints:
      header.checkpoints = read_checkpoints(in, kCommitCheckpointsMax);
      return true;
    case AttachmentField::keys:
      header.keys = read_keys(in);
      return true;
    case AttachmentField::refused:
      return false;  // Not a list: read_attachments unpacks it.
  }
  return false;
}

}  // namespace

void put_attachments(std::string& out, const CommitHeader& header, RefusedPacker& packer) {
  using enum AttachmentField;
  put_attachment(out, stored, encoded(header.stored));
  put_attachment(out, checkpoints, encoded(header.checkpoints));
  put_attachment(out, keys, encoded(header.keys));
  if (!header.refused.empty()) put_attachment(out, refused, packer.pack(header.refused));
}

Result<void> read_attachments(std::string_view bytes, bool keep_refused, CommitHeader& header) {
  FieldReader fields(bytes, kWhat);
  while (true) {
    TALLY_TRY(const auto field, fields.next());
    if (!field) return ok();
    if (field->type == static_cast<std::uint8_t>(AttachmentField::refused)) {
      if (!keep_refused) continue;
      TALLY_TRY(header.refused, unpack_refused(field->value));
      continue;
    }
    ByteReader value(field->value);
    if (!read_field(static_cast<AttachmentField>(field->type), value, header)) {
      TALLY_TRY(fields.unknown(field->type));
    } else if (value.failed() || !value.at_end()) {
      return fields.malformed(field->type);
    }
  }
}

}  // namespace tally::store
