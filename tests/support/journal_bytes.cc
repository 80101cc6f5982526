#include "tests/support/journal_bytes.h"

#include <algorithm>
#include <chrono>
#include <random>

#include "model/check.h"
#include "model/time.h"
#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"

namespace tally::tests {

using namespace store;

std::string framed_commit(std::string_view core, std::string_view attachments, std::uint64_t salt,
                          std::uint8_t version) {
  std::string out;
  put_fixed32(out, 0x184D2A55);
  put_fixed32(out, static_cast<std::uint32_t>(4 + 4 + 4 + core.size() + attachments.size() + 4));
  out += "TLC";
  out.push_back(static_cast<char>(version));
  put_fixed32(out, static_cast<std::uint32_t>(core.size()));
  std::string salt_bytes;
  put_fixed64(salt_bytes, salt);
  const std::uint32_t prefix_crc = crc32c(salt_bytes + out);
  put_fixed32(out, prefix_crc);
  const std::string body = std::string(core) + std::string(attachments);
  out += body;
  put_fixed32(out, crc32c(body, prefix_crc));
  return out;
}

std::string framed_file_header(std::string_view fields, std::uint8_t version) {
  std::string out;
  put_fixed32(out, 0x184D2A54);
  put_fixed32(out, static_cast<std::uint32_t>(4 + fields.size() + 4));
  out += "TLF";
  out.push_back(static_cast<char>(version));
  out += fields;
  put_fixed32(out, crc32c(out));
  return out;
}

JournalBytes::JournalBytes(const FileHeader& header)
    : bytes_(encode(header).value()),
      salt_(header.salt),
      next_(header.first),
      last_core_(header.previous_core),
      boundaries_{bytes_.size()} {}

DataFrame JournalBytes::frame(const std::vector<std::string>& events) {
  std::string lines;
  for (const std::string& event : events) lines += event + "\n";
  return frames_.encode(lines, static_cast<std::uint32_t>(events.size()));
}

void JournalBytes::commit(const std::vector<std::string>& events) {
  Batch batch;
  batch.frames.push_back(frame(events));
  batch.runs.push_back({.count = static_cast<std::uint32_t>(events.size()),
                        .received = parse_rfc3339("2026-01-23T21:55:09.592561Z")->utc,
                        .kind = SourceKind::http,
                        .source = "127.0.0.1",
                        .client = "health-monitor"});
  commit(batch);
}

void JournalBytes::commit(const Batch& batch) {
  CommitHeader header;
  header.first = next_;
  header.previous_core = last_core_;
  header.runs = batch.runs;
  header.checkpoints = batch.checkpoints;
  header.keys = batch.keys;
  header.refused = batch.refused;
  for (const DataFrame& frame : batch.frames) {
    header.frames.push_back({frame.count, frame.lines_bytes, frame.lines_sha256});
    header.stored.push_back(
        {static_cast<std::uint32_t>(frame.stored.size()), crc32c(frame.stored, crc_seed(salt_))});
  }
  const EncodedCommit encoded = encoder_.encode(header, salt_).value();
  bytes_ += encoded.bytes;
  for (const DataFrame& frame : batch.frames) bytes_ += frame.stored;
  boundaries_.push_back(bytes_.size());
  next_ = advance(next_, event_count(header));
  last_core_ = encoded.core_hash;
}

std::string JournalBytes::finish(std::size_t zeros) const {
  if (zeros == 0) return bytes_;
  return bytes_ + encode_rest(kRestHeaderBytes + zeros) + std::string(zeros, '\0');
}

FileHeader sample_file_header() {
  FileHeader header;
  for (std::size_t i = 0; i < header.store.bytes.size(); ++i) {
    header.store.bytes[i] = static_cast<std::uint8_t>(0xA0 + i);
  }
  header.number = 42;
  header.first = Sequence{1000};
  header.previous_core.fill(std::byte{0x5A});
  header.salt = 0x0123456789ABCDEF;
  header.created = parse_rfc3339("2026-01-23T21:55:00Z")->utc;
  header.last_received = parse_rfc3339("2026-01-23T21:54:59.5Z")->utc;
  header.checkpoints = {{"/var/log/container-audit.jsonl", "inode=131 offset=4096"}};
  return header;
}

std::string sample_event(std::uint64_t number) {
  static constexpr const char* kServices[] = {"health-monitor", "container-engine", "ralph-wiggum"};
  static constexpr const char* kOperations[] = {"list", "inspect", "restart", "logs"};
  std::mt19937_64 random(number);
  const UtcTime time = parse_rfc3339("2026-01-23T21:55:09Z")->utc +
                       std::chrono::microseconds(number * 20'011 + random() % 20'000);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string id;
  for (int i = 0; i < 16; ++i) id.push_back(kHex[random() % 16]);
  return R"({"timestamp": ")" + format_rfc3339(time, std::chrono::minutes{0}) +
         R"(", "service": ")" + kServices[random() % 3] + R"(", "operation": ")" +
         kOperations[random() % 4] + R"(", "container": "local-ai-)" +
         std::to_string(random() % 5000) + R"(", "success": true, "error": null, )" +
         R"("metadata": {"request_id": ")" + id + R"(", "duration_ms": )" +
         std::to_string(random() % 1000) + "}}";
}

}  // namespace tally::tests
