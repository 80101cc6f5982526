#include "store/segment/run_list_codec.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "store/journal/journal_format.h"
#include "store/segment/segment_format.h"

namespace tally::store {
namespace {

/// What a run consists of besides its names, in the order in which the lists are stored.
enum RunPiece : std::size_t { count, received, kind, line_end, offset, source, client, kPieces };

using Pieces = std::array<std::vector<std::int64_t>, kPieces>;

/// The names of a block's runs, each stored once.
class NameList {
 public:
  std::int64_t index_of(std::string_view name) {
    const auto [place, added] = index_.try_emplace(name, index_.size());
    if (added) put_text(encoded_, name);
    return static_cast<std::int64_t>(place->second);
  }
  const std::string& encoded() const noexcept { return encoded_; }

 private:
  std::unordered_map<std::string_view, std::size_t> index_;
  std::string encoded_;
};

// Unsigned, so that differences at the ends of the range wrap instead of overflowing.
std::int64_t difference(std::uint64_t before, std::uint64_t after) noexcept {
  return static_cast<std::int64_t>(after - before);
}

std::uint64_t ticks(UtcTime time) noexcept {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

bool read_names(std::string_view bytes, std::vector<std::string_view>& names) {
  ByteReader in(bytes);
  while (!in.at_end()) names.push_back(in.text(kNameBytesMax));
  return !in.failed();
}

/// The run `i` of the pieces; false if it is none.
bool make_run(const Pieces& pieces, std::size_t i, const std::vector<std::string_view>& names,
              Run& run) {
  const auto in_range = [&](RunPiece piece, std::int64_t low, std::int64_t end) {
    return pieces[piece][i] >= low && pieces[piece][i] < end;
  };
  const auto name_count = static_cast<std::int64_t>(names.size());
  if (!in_range(count, 1, kBlockEvents + 1) || !in_range(kind, 1, 5) ||
      !in_range(line_end, 0, kLineEndMax + 1) || !in_range(source, 0, name_count) ||
      !in_range(client, 0, name_count)) {
    return false;
  }
  run.count = static_cast<std::uint32_t>(pieces[count][i]);
  run.kind = static_cast<SourceKind>(pieces[kind][i]);
  run.line_end = static_cast<std::uint8_t>(pieces[line_end][i]);
  run.source = names[static_cast<std::size_t>(pieces[source][i])];
  run.client = names[static_cast<std::size_t>(pieces[client][i])];
  return true;
}

bool make_runs(const Pieces& pieces, const std::vector<std::string_view>& names,
               std::uint32_t events, RunList& list) {
  std::uint64_t total = 0;
  std::uint64_t time = 0;
  std::uint64_t position = 0;
  std::size_t name_bytes = 0;
  for (std::size_t i = 0; i < pieces[count].size(); ++i) {
    Run run;
    if (!make_run(pieces, i, names, run)) return false;
    // A name is stored once but copied into every run.
    name_bytes += run.source.size() + run.client.size();
    if (name_bytes > kBlockNameBytesMax) return false;
    time += static_cast<std::uint64_t>(pieces[received][i]);
    position += static_cast<std::uint64_t>(pieces[offset][i]);
    run.received = UtcTime{std::chrono::nanoseconds{static_cast<std::int64_t>(time)}};
    run.offset = position;
    total += run.count;
    list.runs.push_back(std::move(run));
  }
  return total == events;
}

}  // namespace

void put_runs(std::string& out, const RunList& list, BytesPacker& packer,
              IntegerEncoder& integers) {
  NameList names;
  Pieces pieces;
  std::uint64_t time = 0;
  std::uint64_t position = 0;
  for (const Run& run : list.runs) {
    pieces[count].push_back(run.count);
    pieces[received].push_back(difference(time, ticks(run.received)));
    pieces[kind].push_back(static_cast<std::int64_t>(run.kind));
    pieces[line_end].push_back(run.line_end);
    pieces[offset].push_back(difference(position, run.offset));
    pieces[source].push_back(names.index_of(run.source));
    pieces[client].push_back(names.index_of(run.client));
    time = ticks(run.received);
    position = run.offset;
  }
  put_varint(out, list.continued ? 1 : 0);
  put_varint(out, list.runs.size());
  put_varint(out, names.encoded().size());
  packer.pack(out, names.encoded(), BytesKind::text);
  for (const auto& piece : pieces) integers.encode(out, piece);
}

bool read_runs(std::string_view part, std::uint32_t events, BytesUnpacker& unpacker,
               IntegerDecoder& integers, RunList& list) {
  ByteReader in(part);
  list.runs.clear();
  list.continued = in.varint(1) == 1;
  const std::size_t runs = in.varint(events);
  const std::size_t name_bytes = in.varint(kBlockNameBytesMax);
  std::string encoded;
  unpacker.unpack(in, name_bytes, encoded);
  std::vector<std::string_view> names;
  if (in.failed() || !read_names(encoded, names)) return false;
  Pieces pieces;
  for (auto& piece : pieces) {
    integers.decode(in, runs, piece);
    if (in.failed()) return false;
  }
  return in.at_end() && make_runs(pieces, names, events, list);
}

}  // namespace tally::store
