#include "store/segment/segment_audit.h"

#include <iterator>
#include <string>
#include <utility>

#include "store/journal/commit_core.h"
#include "store/segment/events_root.h"

namespace tally::store {
namespace {

Error mismatch(std::string_view what) { return {Errc::corruption, std::string(what)}; }

/// Calls `each` with every line, without its LF.
template <class Each>
Result<void> for_each_line(std::string_view lines, Each each) {
  while (!lines.empty()) {
    const std::size_t length = lines.find('\n');
    if (length == std::string_view::npos) return mismatch("the last line has no end");
    TALLY_TRY(each(lines.substr(0, length)));
    lines.remove_prefix(length + 1);
  }
  return ok();
}

}  // namespace

SegmentAudit::SegmentAudit(const SegmentFooter& footer)
    : footer_(&footer),
      previous_header_(sha256_of(encode_segment_header(footer.identity))),
      next_(footer.identity.first) {
  if (footer.chain) last_core_ = footer.chain->previous_core;
}

Result<void> SegmentAudit::block(const BlockHeader& header, std::string_view parts,
                                 const Chunk& chunk, bool continued,
                                 const CommitOutlines& commits) {
  TALLY_TRY(check_header(header, parts));
  TALLY_TRY(check_root(header, chunk));
  TALLY_TRY(add_commits(commits));
  TALLY_TRY(add_runs(chunk, continued));
  return for_each_line(chunk.lines, [&](std::string_view line) { return add_line(line); });
}

Result<void> SegmentAudit::check_header(const BlockHeader& header, std::string_view parts) {
  if (header.previous != previous_header_) return mismatch("the header before is another one");
  if (header.stored_sha256 != sha256_of(parts)) return mismatch("stored bytes have changed");
  std::string section;
  put_block_header(section, header);
  previous_header_ = sha256_of(section);
  return ok();
}

Result<void> SegmentAudit::check_root(const BlockHeader& header, const Chunk& chunk) {
  if (events_root(chunk) == header.events_root) return ok();
  return mismatch("events are not those of events_root");
}

Result<void> SegmentAudit::add_commits(const CommitOutlines& commits) {
  std::size_t frame = 0;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    Outline outline{.runs = static_cast<std::uint32_t>(commits.runs[i]), .frame_counts = {}};
    for (std::int64_t frames = commits.frames[i]; frames > 0; --frames) {
      outline.frame_counts.push_back(static_cast<std::uint32_t>(commits.frame_counts[frame++]));
    }
    waiting_.push_back(std::move(outline));
  }
  return close_commits();
}

Result<void> SegmentAudit::add_runs(const Chunk& chunk, bool continued) {
  for (const Run& run : chunk.runs) {
    if (continued && &run == &chunk.runs.front()) {
      if (runs_.empty()) return mismatch("a run goes on that never began");
      runs_.back().count += run.count;
    } else {
      runs_.push_back(run);
    }
  }
  return ok();
}

Result<void> SegmentAudit::add_line(std::string_view line) {
  if (waiting_.empty()) return mismatch("an event belongs to no commit");
  frame_.append(line).push_back('\n');
  const Outline& commit = waiting_.front();
  if (++frame_count_ < commit.frame_counts[frames_.size()]) return ok();
  frames_.push_back({frame_count_, static_cast<std::uint32_t>(frame_.size()), sha256_of(frame_)});
  frame_.clear();
  frame_count_ = 0;
  return close_commits();
}

/// Closes every commit whose frames are complete: those without events at once.
Result<void> SegmentAudit::close_commits() {
  while (!waiting_.empty() && frames_.size() == waiting_.front().frame_counts.size()) {
    const std::uint32_t runs = waiting_.front().runs;
    if (runs > runs_.size()) return mismatch("a commit lacks provenance");
    CommitHeader header;
    header.first = next_;
    header.previous_core = last_core_;
    header.frames = std::exchange(frames_, {});
    const auto end = runs_.begin() + runs;
    header.runs.assign(std::make_move_iterator(runs_.begin()), std::make_move_iterator(end));
    runs_.erase(runs_.begin(), end);
    std::string core;
    put_core(core, header);
    last_core_ = sha256_of(core);
    next_ = advance(next_, event_count(header));
    waiting_.pop_front();
  }
  return ok();
}

Result<void> SegmentAudit::end() {
  TALLY_TRY(add_commits(footer_->commits_behind));
  if (!waiting_.empty() || !runs_.empty()) return mismatch("the last commit is not whole");
  if (footer_->chain && footer_->chain->last_core != last_core_) {
    return mismatch("the chain of commits does not end as the footer says");
  }
  return ok();
}

}  // namespace tally::store
