#include "shipper/loki/push_encoder.h"

#include <google/protobuf/io/coded_stream.h>
#include <snappy-sinksource.h>
#include <snappy.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "model/check.h"
#include "model/json_text.h"
#include "shipper/loki/loki_push.pb.h"

namespace tally::shipper {
namespace {

constexpr int kGzipLevel = 4;
constexpr int kGzipWindow = 15 + 16;  // 16: gzip's header instead of zlib's
constexpr int kDeflateMemory = 8;

std::string_view level_of(const PushEntry& entry) { return entry.success ? "info" : "error"; }

/// Calls put(name, value) with an entry's structured metadata. Without a level of ours Loki would
/// guess one from the text, where the key "error" stands in every line.
template <class Put>
void for_each_metadata(const PushBatch& batch, const PushEntry& entry, const std::string& store,
                       Put put) {
  if (entry.has_container) put("container", batch.view(entry.container));
  put("store", store);
  put("seq", std::to_string(to_number(entry.sequence)));
  put("detected_level", level_of(entry));
}

void fill_entry(pb::Entry& out, const PushBatch& batch, const PushEntry& entry,
                const std::string& store) {
  const auto since = entry.time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  out.mutable_timestamp()->set_seconds(seconds.count());
  out.mutable_timestamp()->set_nanos(static_cast<int>((since - seconds).count()));
  const std::string_view line = batch.view(entry.line);
  out.set_line(line.data(), line.size());
  for_each_metadata(batch, entry, store, [&](std::string_view name, std::string_view value) {
    pb::LabelPair& pair = *out.add_structured_metadata();
    pair.set_name(name.data(), name.size());
    pair.set_value(value.data(), value.size());
  });
}

/// What is before the bytes of a message that is a field of another one:
/// https://protobuf.dev/programming-guides/encoding/
void append_field_head(std::string& out, int field, std::size_t bytes) {
  constexpr int kLengthDelimited = 2;
  constexpr std::size_t kVarintMax = 10;
  std::array<std::uint8_t, 2 * kVarintMax> head;
  using google::protobuf::io::CodedOutputStream;
  const auto tag = static_cast<std::uint32_t>(field << 3 | kLengthDelimited);
  const std::uint8_t* const end = CodedOutputStream::WriteVarint64ToArray(
      bytes, CodedOutputStream::WriteVarint32ToArray(tag, head.data()));
  out.append(head.begin(), head.begin() + (end - head.data()));
}

/// The entries by stream, streams in the order in which they appear.
std::vector<std::vector<const PushEntry*>> by_stream(std::span<const PushEntry> entries) {
  std::vector<std::vector<const PushEntry*>> streams;
  std::map<std::uint32_t, std::size_t> places;
  for (const PushEntry& entry : entries) {
    const auto [place, is_new] = places.emplace(entry.stream, streams.size());
    if (is_new) streams.emplace_back();
    streams[place->second].push_back(&entry);
  }
  return streams;
}

class StringSink final : public snappy::Sink {
 public:
  explicit StringSink(std::string& out) : out_(out) {}
  void Append(const char* bytes, std::size_t count) override { out_.append(bytes, count); }

 private:
  std::string& out_;
};

// PERF: piece by piece, since a string for the most that it may become is five times as long as
// what it becomes, and all of it is written to when it is made.
void snap(const std::string& plain, std::string& into) {
  into.clear();
  snappy::ByteArraySource source(plain.data(), plain.size());
  StringSink sink(into);
  snappy::Compress(&source, &sink);
}

/// With no time and no name in its header, so that the same text gives the same bytes.
void gzip(const std::string& text, std::string& into) {
  z_stream stream{};
  const int begun = deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, kDeflateMemory,
                                 Z_DEFAULT_STRATEGY);
  TALLY_CHECK(begun == Z_OK);
  into.resize(deflateBound(&stream, text.size()));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(into.data());
  stream.avail_out = static_cast<uInt>(into.size());
  const int ended = deflate(&stream, Z_FINISH);
  into.resize(stream.total_out);
  deflateEnd(&stream);
  TALLY_CHECK(ended == Z_STREAM_END);
}

void append_pair(std::string& out, std::string_view name, std::string_view value) {
  if (!out.ends_with('{')) out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

void append_json_entry(std::string& out, const PushBatch& batch, const PushEntry& entry,
                       const std::string& store) {
  out += "[\"" + std::to_string(entry.time.time_since_epoch().count()) + "\",";
  append_json_string(out, batch.view(entry.line));
  out += ",{";
  for_each_metadata(batch, entry, store, [&](std::string_view name, std::string_view value) {
    append_pair(out, name, value);
  });
  out += "}]";
}

void append_label_value(std::string& out, std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
}

}  // namespace

PushEncoder::PushEncoder(PushFormat format, std::string store)
    : format_(format), store_(std::move(store)) {}

const std::string& PushEncoder::encode(const PushBatch& batch, std::span<const PushEntry> entries) {
  if (format_ == PushFormat::json) {
    encode_json(batch, entries);
    gzip(plain_, body_);
  } else {
    encode_protobuf(batch, entries);
    snap(plain_, body_);
  }
  return body_;
}

std::string_view PushEncoder::content_type() const noexcept {
  return format_ == PushFormat::json ? "application/json" : "application/x-protobuf";
}

/// That snappy is in the protobuf, the type says.
std::string_view PushEncoder::content_encoding() const noexcept {
  return format_ == PushFormat::json ? "gzip" : "";
}

// PERF: a PushRequest of a mebibyte takes four of them in memory and half of the time in malloc. So
// requests are put together of streams, and streams of entries, as the encoding has it: a message
// within another one is a field of so many bytes.
void PushEncoder::encode_protobuf(const PushBatch& batch, std::span<const PushEntry> entries) {
  pb::Entry entry;
  plain_.clear();
  for (const auto& of_stream : by_stream(entries)) {
    pb::Stream labels;
    labels.set_labels(label_text(*batch.streams[of_stream.front()->stream]));
    stream_.clear();
    labels.AppendToString(&stream_);
    for (const PushEntry* each : of_stream) {
      entry.Clear();
      fill_entry(entry, batch, *each, store_);
      append_field_head(stream_, pb::Stream::kEntriesFieldNumber, entry.ByteSizeLong());
      entry.AppendToString(&stream_);
    }
    append_field_head(plain_, pb::PushRequest::kStreamsFieldNumber, stream_.size());
    plain_ += stream_;
  }
}

void PushEncoder::encode_json(const PushBatch& batch, std::span<const PushEntry> entries) {
  plain_ = R"({"streams":[)";
  for (const auto& of_stream : by_stream(entries)) {
    if (!plain_.ends_with('[')) plain_ += ',';
    plain_ += R"({"stream":{)";
    for (const auto& [name, value] : *batch.streams[of_stream.front()->stream]) {
      append_pair(plain_, name, value);
    }
    plain_ += R"(},"values":[)";
    for (const PushEntry* entry : of_stream) {
      if (!plain_.ends_with('[')) plain_ += ',';
      append_json_entry(plain_, batch, *entry, store_);
    }
    plain_ += "]}";
  }
  plain_ += "]}";
}

std::uint64_t entry_bytes_max(PushFormat format, std::string_view line,
                              std::string_view container) {
  // Names, ids, the longest numbers, tags and lengths or brackets and quotes.
  constexpr std::uint64_t kAround = 192;
  const std::uint64_t bytes = kAround + line.size() + container.size();
  if (format == PushFormat::protobuf) return bytes;
  const auto escaped = [](char c) { return c == '"' || c == '\\'; };
  return bytes + static_cast<std::uint64_t>(std::ranges::count_if(line, escaped)) +
         5 * container.size();
}

std::uint64_t stream_bytes_max(const StreamLabels& labels) {
  std::uint64_t bytes = 64;
  for (const auto& [name, value] : labels) bytes += name.size() + 6 * value.size() + 8;
  return bytes;
}

std::string label_text(const StreamLabels& labels) {
  std::string text = "{";
  for (const auto& [name, value] : labels) {
    if (text.size() > 1) text += ", ";
    text += name + "=\"";
    append_label_value(text, value);
    text += '"';
  }
  return text + "}";
}

}  // namespace tally::shipper
