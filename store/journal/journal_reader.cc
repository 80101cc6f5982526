#include "store/journal/journal_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tally::store {
namespace {

constexpr std::uint64_t kWholeFile = std::numeric_limits<std::uint64_t>::max();

}  // namespace

JournalReader::JournalReader(std::unique_ptr<File> file, Path path, JournalScan scan)
    : path_(std::move(path)),
      file_(std::move(file)),
      scan_(std::move(scan)),
      expected_(scan_.header().first),
      last_core_(scan_.header().previous_core) {}

Result<JournalReader> JournalReader::open(FileSystem& files, const StorePaths& paths,
                                          std::uint64_t number, const ScanOptions& options) {
  Path path = paths.journal_file(number);
  TALLY_TRY(auto file, files.open(path, OpenMode::read));
  TALLY_TRY(auto scan, JournalScan::open(*file, path, options));
  return JournalReader(std::move(file), std::move(path), std::move(scan));
}

Result<std::optional<Commit>> JournalReader::next_before(const JournalCut& cut) {
  if (cut.last_core == last_core_) return std::optional<Commit>();
  note_bound(kWholeFile);
  TALLY_TRY(auto commit, scan_.next());
  const bool damaged = !commit;
  const std::uint64_t bad = scan_.offset();
  if (damaged) {
    TALLY_TRY(const std::uint64_t size, file_->size());
    TALLY_TRY(commit, step_over_damage(size));
  }
  // What a failed write left behind the cut is valid to look at, but was never taken.
  if (commit && advance(commit->header.first, event_count(commit->header)) > cut.first) {
    return std::optional<Commit>();
  }
  if (damaged && commit) report(bad, commit->offset, commit->header.first);
  if (commit) take(*commit);
  return commit;
}

/// The last commit that counts may be among what is lost; then the follower goes on from the core
/// of one before it if that damage was known when it was made, else from one that was not found.
Result<void> JournalReader::finish(const JournalCut& cut) {
  const bool all_there = expected_ >= cut.first && cut.last_core.value_or(last_core_) == last_core_;
  if (!all_there) {
    TALLY_TRY(const std::uint64_t size, file_->size());
    const std::uint64_t at = std::min(scan_.offset(), size);
    report(at, size, cut.first);
  }
  return ok();
}

Result<std::optional<Commit>> JournalReader::next_within(const JournalLimit& limit) {
  const std::uint64_t at = scan_.offset();
  if (at >= limit.offset || dead_end_ == at) return std::optional<Commit>();
  note_bound(limit.offset);
  scan_.set_check_frames(at >= limit.synced);  // They may be torn; below, only damaged.
  TALLY_TRY(auto commit, scan_.next());
  const bool torn = scan_.tail().state == JournalTail::State::bad;
  if (!commit && (torn || at < limit.synced)) {
    TALLY_TRY(const std::uint64_t size, file_->size());
    TALLY_TRY(commit, step_over_damage(std::min(limit.offset, size)));
    if (commit) {
      report(at, commit->offset, commit->header.first);
    } else if (at < limit.synced) {
      report(at, limit.synced, limit.next);
      scan_.seek(limit.synced);
    }
    dead_end_ = scan_.offset();
  }
  if (commit) take(*commit);
  return commit;
}

/// What lay behind the bound when it was read need not be what is there now: where a sync failed,
/// and no next file could be made, the same file may have been written again after a restart.
void JournalReader::note_bound(std::uint64_t offset) {
  if (std::exchange(bound_, offset) != offset) scan_.drop_held();
}

Result<std::string_view> JournalReader::read_frame(const Commit& commit, std::size_t frame) {
  return scan_.read_frame(commit, frame);
}

std::vector<CorruptRange> JournalReader::take_corrupt() { return std::exchange(corrupt_, {}); }

/// The first valid commit behind the bad place where the scan stands.
Result<std::optional<Commit>> JournalReader::step_over_damage(std::uint64_t to) {
  return scan_.resync(scan_.offset() + 1, to);
}

void JournalReader::take(const Commit& commit) {
  expected_ = advance(commit.header.first, event_count(commit.header));
  last_core_ = commit.core_hash;
}

void JournalReader::report(std::uint64_t from, std::uint64_t to, Sequence next) {
  const std::uint64_t lost = next > expected_ ? distance(expected_, next) : 0;
  corrupt_.push_back({path_, from, to - from, expected_, lost});
}

}  // namespace tally::store
