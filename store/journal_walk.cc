#include "store/journal_walk.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "store/durable_mark.h"
#include "store/store_lock.h"

namespace tally::store {

/// Frames are checked by whoever reads them: most are passed over.
JournalWalk::JournalWalk(FileSystem& files, StorePaths paths, Refused refused)
    : files_(&files),
      paths_(std::move(paths)),
      options_{.check_frames = false, .keep_refused = refused == Refused::keep} {}

Result<JournalWalk> JournalWalk::open(FileSystem& files, StorePaths paths, Sequence from,
                                      Refused refused) {
  JournalWalk walk(files, std::move(paths), refused);
  TALLY_TRY(const auto numbers, walk.numbers());
  if (numbers.empty()) {
    return Error{Errc::not_found, "no store in " + walk.paths_.directory.string()};
  }
  // From the newest backwards: most readers start near the end.
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
    auto file = walk.open_file(*number);
    if (!file && file.error().code != Errc::corruption) return file.error();
    if (!file) continue;  // Told when the walk comes to it.
    walk.current_ = std::make_unique<OpenFile>(std::move(file).value());
    if (walk.current_->scan.header().first <= from) break;
  }
  if (!walk.current_) {
    return Error{Errc::corruption,
                 "no journal file with a sound header in " + walk.paths_.journal().string()};
  }
  walk.expected_ = walk.current_->scan.header().first;
  walk.last_core_ = walk.current_->scan.header().previous_core;
  return walk;
}

Result<std::optional<Commit>> JournalWalk::next() {
  while (true) {
    if (current_->number < limit_.number) {
      TALLY_TRY(const bool found, find_successor());
      if (!found) return std::optional<Commit>();
      TALLY_TRY(auto commit, next_before(successor_->scan.header()));
      if (commit) return commit;
      TALLY_TRY(enter_successor());
      continue;
    }
    if (current_->number == limit_.number) {
      TALLY_TRY(auto commit, next_in_last());
      if (commit) return commit;
    }
    const Limit before = limit_;
    TALLY_TRY(refresh_limit());
    if (limit_ == before) return std::optional<Commit>();
  }
}

Result<JournalWalk::OpenFile> JournalWalk::open_file(std::uint64_t number) {
  const Path path = paths_.journal_file(number);
  TALLY_TRY(auto file, files_->open(path, OpenMode::read));
  TALLY_TRY(auto scan, JournalScan::open(*file, path, options_));
  return OpenFile{number, path, std::move(file), std::move(scan)};
}

Result<std::vector<std::uint64_t>> JournalWalk::numbers() const {
  std::vector<std::uint64_t> numbers;
  auto names = files_->list(paths_.journal());
  if (!names) {
    if (names.error().code == Errc::not_found) return numbers;
    return names.error();
  }
  for (const std::string& name : names.value()) {
    if (const auto number = parse_journal_name(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// With a writer its mark is the limit; without one, all that is there.
Result<void> JournalWalk::refresh_limit() {
  TALLY_TRY(const auto holder, find_holder(*files_, paths_));
  TALLY_TRY(const auto mark, read_durable_mark(*files_, paths_));
  if (holder) {
    if (mark) limit_ = {mark->file, mark->offset, mark->offset, mark->next};
    return ok();
  }
  TALLY_TRY(const auto all, numbers());
  if (all.empty()) return ok();
  limit_ = {all.back(), std::numeric_limits<std::uint64_t>::max(), 0, Sequence{0}};
  if (mark && mark->file == all.back()) {
    limit_.synced = mark->offset;
    limit_.next = mark->next;
  }
  return ok();
}

/// Opens the file after the current one. One whose header is damaged is told and passed over.
Result<bool> JournalWalk::find_successor() {
  if (successor_) return true;
  TALLY_TRY(const auto all, numbers());
  for (auto number = std::upper_bound(all.begin(), all.end(), current_->number);
       number != all.end(); ++number) {
    auto file = open_file(*number);
    if (file) {
      successor_ = std::make_unique<OpenFile>(std::move(file).value());
      return true;
    }
    if (file.error().code != Errc::corruption) return file.error();
    if (damaged_files_.insert(*number).second) {
      corrupt_.push_back({paths_.journal_file(*number), 0, 0, Sequence{0}, 0});
    }
  }
  return false;
}

/// The current file's commits are all read, or lost: the last of them, even, if its header is what
/// is damaged, since the successor then follows the core before it.
Result<void> JournalWalk::enter_successor() {
  const FileHeader& header = successor_->scan.header();
  if (expected_ < header.first) {
    TALLY_TRY(const std::uint64_t size, current_->file->size());
    report(current_->scan.offset(), size, header.first);
  }
  expected_ = header.first;
  last_core_ = header.previous_core;
  dead_end_.reset();
  current_ = std::exchange(successor_, nullptr);
  return ok();
}

/// In a file that has a successor: its commits count up to the core that `cut` names.
Result<std::optional<Commit>> JournalWalk::next_before(const FileHeader& cut) {
  if (last_core_ == cut.previous_core) return std::optional<Commit>();
  TALLY_TRY(auto commit, current_->scan.next());
  if (!commit) {
    TALLY_TRY(const std::uint64_t size, current_->file->size());
    TALLY_TRY(commit, step_over_damage(size));
    // What a failed write left behind the cut is valid to look at, but was never taken.
    if (commit && advance(commit->header.first, event_count(commit->header)) > cut.first) {
      commit.reset();
    }
    if (commit) report(damage_, commit->offset, commit->header.first);
  }
  if (commit) take(*commit);
  return commit;
}

/// In the newest file that may be read.
Result<std::optional<Commit>> JournalWalk::next_in_last() {
  const std::uint64_t at = current_->scan.offset();
  if (at >= limit_.offset || dead_end_ == at) return std::optional<Commit>();
  current_->scan.set_check_frames(at >= limit_.synced);  // They may be torn; below, only damaged.
  TALLY_TRY(auto commit, current_->scan.next());
  const bool torn = current_->scan.tail().state == JournalTail::State::bad;
  if (!commit && (torn || at < limit_.synced)) {
    TALLY_TRY(const std::uint64_t size, current_->file->size());
    TALLY_TRY(commit, step_over_damage(std::min(limit_.offset, size)));
    if (commit) {
      report(at, commit->offset, commit->header.first);
    } else if (at < limit_.synced) {
      report(at, limit_.synced, limit_.next);
      current_->scan.seek(limit_.synced);
    }
    dead_end_ = current_->scan.offset();
  }
  if (commit) take(*commit);
  return commit;
}

/// The first valid commit behind the bad place where the scan stands.
Result<std::optional<Commit>> JournalWalk::step_over_damage(std::uint64_t to) {
  damage_ = current_->scan.offset();
  return current_->scan.resync(damage_ + 1, to);
}

void JournalWalk::take(const Commit& commit) {
  expected_ = advance(commit.header.first, event_count(commit.header));
  last_core_ = commit.core_hash;
}

void JournalWalk::report(std::uint64_t from, std::uint64_t to, Sequence next) {
  const std::uint64_t lost = next > expected_ ? distance(expected_, next) : 0;
  corrupt_.push_back({current_->path, from, to - from, expected_, lost});
}

}  // namespace tally::store
