#include "ingest/verdict_batch.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace tally::ingest {

namespace {

// Where a frame begins among the accepted events.
struct FrameStart {
  std::uint32_t event = 0;
  std::size_t byte = 0;  // in the verdict's lines
};

// Returns where the frames begin, but for the first one.
std::vector<FrameStart> append_frames(const Verdict& verdict, store::FrameEncoder& encoder,
                                      store::Batch& batch) {
  std::vector<FrameStart> starts;
  FrameStart start;
  std::string_view rest = verdict.lines;
  while (rest.size() > kFrameBytes) {
    const std::string_view piece = rest.substr(0, rest.find('\n', kFrameBytes - 1) + 1);
    const auto events = static_cast<std::uint32_t>(std::ranges::count(piece, '\n'));
    batch.frames.push_back(encoder.encode(piece, events));
    rest.remove_prefix(piece.size());
    start = {start.event + events, start.byte + piece.size()};
    if (!rest.empty()) starts.push_back(start);
  }
  if (!rest.empty()) batch.frames.push_back(encoder.encode(rest, verdict.count - start.event));
  return starts;
}

Run make_run(const BodyOrigin& origin, std::uint32_t count) {
  Run run;
  run.count = count;
  run.received = origin.received;
  run.kind = origin.kind;
  run.source = origin.source;
  run.client = origin.client;
  return run;
}

// The length of the `count` lines that end at `end`.
std::size_t length_before(std::string_view lines, std::size_t end, std::uint32_t count) {
  std::size_t begin = end;
  for (; count > 0; --count) {
    const std::size_t line_end = begin < 2 ? std::string_view::npos : lines.rfind('\n', begin - 2);
    begin = line_end == std::string_view::npos ? 0 : line_end + 1;
  }
  return end - begin;
}

// The runs of one extent. A run with offsets must not go on from one frame into the next, whose
// reader could not know the offset there without the lines of the first.
void append_extent(const Verdict& verdict, const Extent& extent, std::uint32_t end,
                   const BodyOrigin& origin, std::span<const FrameStart> starts,
                   store::Batch& batch) {
  std::uint32_t event = extent.first;
  std::uint64_t offset = origin.offset + extent.offset;
  const auto append = [&](std::uint32_t until) {
    Run run = make_run(origin, until - event);
    run.offset = offset;
    run.line_end = extent.line_end;
    batch.runs.push_back(std::move(run));
  };
  for (const FrameStart& start : starts) {
    if (start.event <= event || start.event >= end) continue;
    append(start.event);
    const std::uint32_t count = start.event - event;
    // In the input, line ends may take two bytes; among the accepted lines they take one.
    offset += length_before(verdict.lines, start.byte, count) +
              static_cast<std::uint64_t>(count) * (extent.line_end - 1U);
    event = start.event;
  }
  append(end);
}

bool goes_on(const Run& run, const BodyOrigin& origin) {
  return run.kind == origin.kind && run.received == origin.received &&
         run.source == origin.source && run.client == origin.client;
}

// Only files have offsets: what came over the network is one run, with what came before it from
// the same origin.
void append_runs(const Verdict& verdict, const BodyOrigin& origin,
                 std::span<const FrameStart> starts, store::Batch& batch) {
  if (verdict.count == 0) return;
  if (origin.kind == SourceKind::http) {
    if (!batch.runs.empty() && goes_on(batch.runs.back(), origin)) {
      batch.runs.back().count += verdict.count;
    } else {
      batch.runs.push_back(make_run(origin, verdict.count));
    }
    return;
  }
  for (std::size_t i = 0; i < verdict.extents.size(); ++i) {
    const bool last = i + 1 == verdict.extents.size();
    const std::uint32_t end = last ? verdict.count : verdict.extents[i + 1].first;
    append_extent(verdict, verdict.extents[i], end, origin, starts, batch);
  }
}

store::RefusedEvent make_refused(const Refusal& refusal, const BodyOrigin& origin) {
  store::RefusedEvent refused;
  refused.reason = refusal.reason;
  refused.received = origin.received;
  refused.kind = origin.kind;
  refused.offset = origin.kind == SourceKind::http ? 0 : origin.offset + refusal.offset;
  refused.source = origin.source;
  refused.client = origin.client;
  refused.length = refusal.length;
  refused.bytes = refusal.bytes;
  std::ranges::transform(refusal.sha256, refused.sha256.begin(),
                         [](char c) { return static_cast<std::byte>(c); });
  return refused;
}

void append_refused(const Verdict& verdict, const BodyOrigin& origin, store::Batch& batch) {
  for (const Refusal& refusal : verdict.refusals) {
    batch.refused.push_back(make_refused(refusal, origin));
  }
}

}  // namespace

void append_verdict(const Verdict& verdict, const BodyOrigin& origin, store::FrameEncoder& encoder,
                    store::Batch& batch) {
  const std::vector<FrameStart> starts = append_frames(verdict, encoder, batch);
  append_runs(verdict, origin, starts, batch);
  append_refused(verdict, origin, batch);
}

void append_provenance(const Verdict& verdict, const BodyOrigin& origin, store::Batch& batch) {
  append_runs(verdict, origin, {}, batch);
  append_refused(verdict, origin, batch);
}

}  // namespace tally::ingest
