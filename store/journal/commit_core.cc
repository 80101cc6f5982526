#include "store/journal/commit_core.h"

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/disk/field_codec.h"
#include "store/journal/journal_format.h"
#include "store/journal/provenance_codec.h"

namespace tally::store {
namespace {

constexpr std::string_view kWhat = "commit core";

/// The names of a commit's runs, each stored once: with one frame for many small requests the same
/// few come again and again.
class NameTable {
 public:
  std::uint64_t index_of(std::string_view name) {
    const auto [place, added] = index_.try_emplace(name, index_.size());
    if (added) put_text(encoded_, name);
    return place->second;
  }

  const std::string& encoded() const noexcept { return encoded_; }

 private:
  std::unordered_map<std::string_view, std::uint64_t> index_;
  std::string encoded_;
};

void put_run(std::string& out, const Run& run, UtcTime before, NameTable& names) {
  put_varint(out, run.count);
  put_time_after(out, before, run.received);
  put_source_kind(out, run.kind);
  put_varint(out, run.line_end);
  put_varint(out, run.offset);
  put_varint(out, names.index_of(run.source));
  put_varint(out, names.index_of(run.client));
}

void put_runs(std::string& out, const std::vector<Run>& runs) {
  if (runs.empty()) return;
  NameTable names;
  std::string encoded;
  UtcTime before{};
  for (const Run& run : runs) {
    put_run(encoded, run, before, names);
    before = run.received;
  }
  put_field(out, static_cast<std::uint8_t>(CoreField::names), names.encoded());
  put_field(out, static_cast<std::uint8_t>(CoreField::runs), encoded);
}

void put_frames(std::string& out, const std::vector<FrameDigest>& frames) {
  if (frames.empty()) return;
  std::string encoded;
  for (const FrameDigest& frame : frames) {
    put_varint(encoded, frame.count);
    put_varint(encoded, frame.lines_bytes);
    put_bytes(encoded, frame.lines_sha256);
  }
  put_field(out, static_cast<std::uint8_t>(CoreField::frames), encoded);
}

std::vector<std::string_view> read_names(ByteReader& in) {
  std::vector<std::string_view> names;
  while (!in.at_end()) {
    if (names.size() == 2 * kCommitRunsMax) in.fail();
    names.push_back(in.text(kNameBytesMax));
  }
  return names;
}

Run read_run(ByteReader& in, UtcTime before, std::span<const std::string_view> names) {
  Run run;
  run.count = static_cast<std::uint32_t>(in.varint(kCommitEventsMax));
  run.received = read_time_after(in, before);
  run.kind = read_source_kind(in);
  run.line_end = static_cast<std::uint8_t>(in.varint(kLineEndMax));
  run.offset = in.varint();
  const std::uint64_t source = in.varint();
  const std::uint64_t client = in.varint();
  if (run.count == 0 || source >= names.size() || client >= names.size()) in.fail();
  if (in.failed()) return run;
  run.source = names[source];
  run.client = names[client];
  return run;
}

std::vector<Run> read_runs(ByteReader& in, std::span<const std::string_view> names) {
  std::vector<Run> runs;
  UtcTime before{};
  std::size_t name_bytes = 0;
  while (!in.at_end()) {
    Run run = read_run(in, before, names);
    before = run.received;
    name_bytes += run.source.size() + run.client.size();
    // A name is stored once but copied into every run, so that a few bytes could become gigabytes.
    if (runs.size() == kCommitRunsMax || name_bytes > kCommitNameBytesMax) in.fail();
    if (in.failed()) return {};
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<FrameDigest> read_frames(ByteReader& in) {
  std::vector<FrameDigest> frames;
  while (!in.at_end()) {
    FrameDigest frame;
    frame.count = static_cast<std::uint32_t>(in.varint(kCommitEventsMax));
    frame.lines_bytes = static_cast<std::uint32_t>(in.varint(kFrameLinesMax));
    in.bytes_into(frame.lines_sha256);
    if (frame.count == 0 || frame.count > frame.lines_bytes) in.fail();
    if (frames.size() == kCommitFramesMax) in.fail();
    if (in.failed()) return {};
    frames.push_back(frame);
  }
  return frames;
}

/// Reads one field into the header. False: its type is not known.
bool read_field(CoreField type, ByteReader& in, std::vector<std::string_view>& names,
                CommitHeader& header) {
  switch (type) {
    case CoreField::first:
      header.first = Sequence{in.varint()};
      return true;
    case CoreField::previous_core:
      in.bytes_into(header.previous_core);
      return true;
    case CoreField::names:
      names = read_names(in);
      return true;
    case CoreField::runs:
      header.runs = read_runs(in, names);
      return true;
    case CoreField::frames:
      header.frames = read_frames(in);
      return true;
  }
  return false;
}

}  // namespace

void put_core(std::string& out, const CommitHeader& header) {
  std::string first;
  put_varint(first, to_number(header.first));
  put_field(out, static_cast<std::uint8_t>(CoreField::first), first);
  std::string previous_core;
  put_bytes(previous_core, header.previous_core);
  put_field(out, static_cast<std::uint8_t>(CoreField::previous_core), previous_core);
  put_runs(out, header.runs);
  put_frames(out, header.frames);
}

Result<void> read_core(std::string_view bytes, CommitHeader& header) {
  FieldReader fields(bytes, kWhat);
  std::vector<std::string_view> names;
  while (true) {
    TALLY_TRY(const auto field, fields.next());
    if (!field) break;
    ByteReader value(field->value);
    if (!read_field(static_cast<CoreField>(field->type), value, names, header)) {
      TALLY_TRY(fields.unknown(field->type));
    } else if (value.failed() || !value.at_end()) {
      return fields.malformed(field->type);
    }
  }
  constexpr std::array kRequired{static_cast<std::uint8_t>(CoreField::first),
                                 static_cast<std::uint8_t>(CoreField::previous_core)};
  return fields.require(kRequired);
}

}  // namespace tally::store
