#include "bench/corpus_segments.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "bench/require.h"
#include "store/journal/commit_core.h"
#include "store/segment/segment_writer.h"

namespace tally::bench {

CorpusCommits::CorpusCommits(std::size_t frame_bytes)
    : frame_bytes_(frame_bytes), corpus_({}), received_(CorpusOptions{}.start) {}

std::vector<CorpusCommit> CorpusCommits::next(std::uint64_t events) {
  std::string lines;
  corpus_.append_lines(lines, events);
  std::vector<CorpusCommit> commits;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = frame_end(lines, begin, std::max<std::size_t>(frame_bytes_, 1));
    commits.push_back(commit(std::string_view(lines).substr(begin, end - begin)));
    begin = end;
  }
  return commits;
}

/// Requests come at odd moments: with even ones their times would take no room in a segment.
CorpusCommit CorpusCommits::commit(std::string_view lines) {
  CorpusCommit commit;
  const auto events = static_cast<std::uint32_t>(std::ranges::count(lines, '\n'));
  commit.frame = {std::string(lines), events};
  const double gap = 2 * random_.fraction() * events / CorpusOptions{}.events_per_second;
  received_ += std::chrono::round<std::chrono::nanoseconds>(std::chrono::duration<double>(gap));
  commit.header.first = next_;
  commit.header.previous_core = previous_core_;
  commit.header.frames.push_back(
      {events, static_cast<std::uint32_t>(lines.size()), store::sha256_of(lines)});
  commit.header.runs.push_back({.count = events,
                                .received = received_,
                                .kind = SourceKind::http,
                                .line_end = 0,
                                .offset = 0,
                                .source = "192.0.2.7",
                                .client = "container-engine"});
  std::string core;
  store::put_core(core, commit.header);
  commit.core_hash = previous_core_ = store::sha256_of(core);
  next_ = advance(next_, events);
  return commit;
}

store::SegmentSummary seal_commits(store::FileSystem& files, const store::Path& path,
                                   const std::vector<CorpusCommit>& commits,
                                   const store::StoreId& store, std::uint64_t number) {
  auto writer = require(
      store::SegmentWriter::create(files, path, {store, number, commits.front().header.first}),
      "create the segment");
  for (const CorpusCommit& commit : commits) {
    require(writer.begin_commit(commit.header, commit.core_hash).has_value(),
            "a commit is not taken");
    require(writer.add_frame(commit.frame.lines).has_value(), "a frame is not taken");
  }
  return require(writer.finish(), "finish the segment");
}

}  // namespace tally::bench
