#include "tests/store/segment/segment_harness.h"

#include <algorithm>

#include "model/check.h"
#include "store/disk/sha256.h"
#include "store/journal/commit_core.h"
#include "store/segment/segment_cursor.h"

namespace tally::tests {

using store::CommitHeader;
using store::sha256_of;

JournalCommit CommitMaker::commit(const std::vector<std::string>& lines) {
  if (lines.empty()) return commit(lines, 1, {});
  const Run run{.count = static_cast<std::uint32_t>(lines.size()),
                .received = UtcTime{std::chrono::seconds{1769205309}},
                .kind = SourceKind::http,
                .line_end = 0,
                .offset = 0,
                .source = "127.0.0.1",
                .client = "test"};
  return commit(lines, lines.size(), {run});
}

JournalCommit CommitMaker::commit(const std::vector<std::string>& lines, std::size_t frame_lines,
                                  std::vector<Run> runs) {
  JournalCommit commit;
  commit.header.first = next_;
  commit.header.previous_core = last_core_;
  commit.header.runs = std::move(runs);
  for (std::size_t begin = 0; begin < lines.size(); begin += frame_lines) {
    const std::size_t end = std::min(begin + frame_lines, lines.size());
    std::string frame;
    for (std::size_t i = begin; i < end; ++i) frame += lines[i] + '\n';
    commit.header.frames.push_back({static_cast<std::uint32_t>(end - begin),
                                    static_cast<std::uint32_t>(frame.size()), sha256_of(frame)});
    commit.frames.push_back(std::move(frame));
  }
  std::string core;
  store::put_core(core, commit.header);
  commit.core_hash = last_core_ = sha256_of(core);
  next_ = advance(next_, lines.size());
  return commit;
}

store::SegmentIdentity sample_segment() {
  store::SegmentIdentity identity{.store = {}, .number = 7, .first = Sequence{1000}};
  for (std::size_t i = 0; i < identity.store.bytes.size(); ++i) {
    identity.store.bytes[i] = static_cast<std::uint8_t>(0xA0 + i);
  }
  return identity;
}

Result<store::SegmentSummary> write_segment(store::FileSystem& files, const store::Path& path,
                                            const std::vector<JournalCommit>& commits) {
  TALLY_TRY(auto writer, store::SegmentWriter::create(files, path, sample_segment()));
  for (const JournalCommit& commit : commits) {
    TALLY_TRY(writer.begin_commit(commit.header, commit.core_hash));
    for (const std::string& frame : commit.frames) {
      TALLY_TRY(writer.add_frame(frame));
    }
  }
  return writer.finish();
}

std::vector<JournalCommit> commits_of(const std::vector<std::string>& lines,
                                      std::size_t commit_lines) {
  CommitMaker maker(sample_segment().first);
  std::vector<JournalCommit> commits;
  for (std::size_t begin = 0; begin < lines.size(); begin += commit_lines) {
    const std::size_t end = std::min(begin + commit_lines, lines.size());
    commits.push_back(maker.commit({lines.begin() + static_cast<std::ptrdiff_t>(begin),
                                    lines.begin() + static_cast<std::ptrdiff_t>(end)}));
  }
  return commits;
}

Result<SegmentContents> read_segment(store::SegmentReader& reader, Sequence from) {
  SegmentContents contents;
  const store::Selection everything;
  store::SegmentCursor cursor(reader, from, everything);
  while (true) {
    const Sequence position = cursor.position();
    TALLY_TRY(const auto chunk, cursor.next());
    if (!chunk) return contents;
    TALLY_CHECK(chunk->first == position);
    std::string_view lines = chunk->lines;
    for (std::uint32_t i = 0; i < chunk->count; ++i) {
      const std::size_t length = lines.find('\n');
      TALLY_CHECK(length != std::string_view::npos);
      contents.lines.emplace_back(lines.substr(0, length));
      lines.remove_prefix(length + 1);
    }
    TALLY_CHECK(lines.empty());
    contents.runs.insert(contents.runs.end(), chunk->runs.begin(), chunk->runs.end());
  }
}

std::vector<Run> joined_runs(const std::vector<Run>& runs, const std::vector<std::string>& lines) {
  std::vector<Run> joined;
  std::uint64_t expected_offset = 0;
  std::size_t line = 0;
  for (const Run& run : runs) {
    Run continued = run;
    if (!joined.empty()) {
      continued.count = joined.back().count;
      continued.offset = joined.back().offset;
    }
    if (!joined.empty() && continued == joined.back() && run.offset == expected_offset) {
      joined.back().count += run.count;
    } else {
      joined.push_back(run);
    }
    expected_offset = run.offset;
    for (std::uint32_t i = 0; i < run.count; ++i) {
      expected_offset = next_offset(run, expected_offset, lines[line++].size());
    }
  }
  return joined;
}

std::string file_bytes(store::FileSystem& files, const store::Path& path) {
  auto file = files.open(path, store::OpenMode::read).value();
  std::string bytes(file->size().value(), '\0');
  TALLY_CHECK(file->read_at(0, {bytes.data(), bytes.size()}).value() == bytes.size());
  return bytes;
}

}  // namespace tally::tests
