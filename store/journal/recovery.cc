#include "store/journal/recovery.h"

#include <algorithm>
#include <utility>

#include "store/journal/durable_mark.h"
#include "store/journal/journal_scan.h"

namespace tally::store {
namespace {

std::uint64_t newest_number(const std::vector<std::string>& names) {
  std::uint64_t newest = 0;
  for (const std::string& name : names)
    newest = std::max(newest, parse_journal_name(name).value_or(0));
  return newest;
}

/// Reads the commits of the newest file one after the other, and decides at each bad place.
class NewestFile {
 public:
  NewestFile(JournalScan& scan, Path path, std::optional<DurableMark> mark, std::uint64_t size,
             RecoveredJournal& found)
      : scan_(scan), path_(std::move(path)), size_(size), found_(found) {
    if (mark && mark->file == scan.header().number) mark_ = mark;
  }

  Result<void> read() {
    const FileHeader& header = scan_.header();
    found_.newest = header;
    found_.state = {header.first, header.previous_core, header.last_received, {}};
    for (const SourceCheckpoint& checkpoint : header.checkpoints) {
      found_.state.checkpoints[checkpoint.source] = checkpoint.state;
    }
    found_.end = scan_.offset();
    bool commits = false;
    while (true) {
      TALLY_TRY(auto commit, scan_.next());
      if (!commit) {
        if (scan_.tail().state == JournalTail::State::clean && !below_mark()) break;
        TALLY_TRY(commit, resume());
      }
      if (!commit) break;
      take(*commit);
      commits = true;
    }
    return judge_tail(commits);
  }

 private:
  bool below_mark() const { return mark_ && found_.end < mark_->offset; }

  void take(const Commit& commit) {
    found_.state.apply(commit.header, commit.core_hash);
    found_.end = commit.end;
  }

  /// At a bad place: the next commit if there is one, which makes what lies between corrupt.
  Result<std::optional<Commit>> resume() {
    const std::uint64_t from = found_.end;
    TALLY_TRY(auto commit, scan_.resync(from + 1, size_));
    if (commit) {
      report(from, commit->offset, commit->header.first);
      return commit;
    }
    if (below_mark()) {
      report(from, mark_->offset, mark_->next);
      found_.state.next = std::max(found_.state.next, mark_->next);
      found_.end = mark_->offset;
    }
    return std::optional<Commit>();
  }

  void report(std::uint64_t from, std::uint64_t to, Sequence next) {
    const Sequence expected = found_.state.next;
    const std::uint64_t lost = next > expected ? distance(expected, next) : 0;
    found_.report.corrupt.push_back({path_, from, to - from, expected, lost});
  }

  Result<void> judge_tail(bool commits) {
    const JournalTail& tail = scan_.tail();
    const bool clean = tail.state == JournalTail::State::clean && tail.offset == found_.end;
    found_.torn = !clean;
    // Behind damage that the mark alone told of, nothing says what was written and what are zeros.
    const bool known = tail.offset == found_.end;
    if (found_.torn && known && size_ > found_.end) found_.report.torn_bytes = size_ - found_.end;
    if (clean && !commits) {
      TALLY_TRY(found_.reusable, scan_.rest_is_zero());
    }
    return ok();
  }

  JournalScan& scan_;
  Path path_;
  std::uint64_t size_;
  RecoveredJournal& found_;
  std::optional<DurableMark> mark_;
};

}  // namespace

Result<RecoveredJournal> recover_journal(FileSystem& files, const StorePaths& paths) {
  RecoveredJournal found;
  TALLY_TRY(const auto names, files.list(paths.journal()));
  found.last_number = newest_number(names);
  if (found.last_number == 0) return found;

  const Path path = paths.journal_file(found.last_number);
  TALLY_TRY(auto file, files.open(path, OpenMode::write));
  // A killed process may have written what no sync has taken to the disk yet. Where this sync
  // fails, the pages count as clean although the disk never got them: dropping the cache shows what
  // it has.
  (void)file->sync_data();
  file->drop_cache();
  TALLY_TRY(files.sync_directory(paths.journal()));
  TALLY_TRY(auto scan, JournalScan::open(*file, path));
  TALLY_TRY(const auto mark, read_durable_mark(files, paths));
  TALLY_TRY(const std::uint64_t size, file->size());
  TALLY_TRY(NewestFile(scan, path, mark, size, found).read());
  found.report.files = 1;
  found.report.events = distance(kFirstSequence, found.state.next);
  return found;
}

}  // namespace tally::store
