#include "store/journal/journal.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "store/journal/commit_group.h"
#include "store/journal/journal_format.h"
#include "store/journal/recovery.h"
#include "store/journal/spare_file.h"

namespace tally::store {
namespace {

/// What a commit's header may need beyond what its batches hold in memory.
constexpr std::uint64_t kCommitOverheadMax = 4096;

std::uint64_t random_salt() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

Journal::Journal(FileSystem& files, const Clock& clock, const StoreOptions& options)
    : files_(files), clock_(clock), options_(options), paths_(options.directory) {}

Result<std::unique_ptr<Journal>> Journal::open(FileSystem& files, const Clock& clock,
                                               const StoreOptions& options) {
  std::unique_ptr<Journal> journal(new Journal(files, clock, options));
  // One after the other: each call makes its leaf's name durable, even one that a crash left.
  TALLY_TRY(files.create_directories(options.directory));
  TALLY_TRY(files.create_directories(journal->paths_.journal()));
  TALLY_TRY(journal->recover());
  return journal;
}

Result<void> Journal::recover() {
  TALLY_TRY(auto found, recover_journal(files_, paths_));
  id_ = found.newest ? found.newest->store : StoreId::random();
  state_ = std::move(found.state);
  recovery_ = std::move(found.report);
  last_number_ = found.last_number;
  TALLY_TRY(discard_drafts());
  if (found.reusable) {
    TALLY_TRY(auto file, JournalFile::reopen(files_, paths_, *found.newest, found.end));
    file_.emplace(std::move(file));
  } else {
    // Failing here only costs speed: the file then grows with its commits.
    if (const auto made = prepare_spare(); !made) {
      spdlog::warn("no journal file could be written ahead: {}", to_string(made.error()));
    }
    TALLY_TRY(start_file());
    if (found.newest && recovery_.corrupt.empty()) {
      cut_predecessor(paths_.journal_file(found.last_number), found.end);
    }
  }
  TALLY_TRY(auto mark, DurableMarkWriter::open(files_, paths_));
  mark_.emplace(std::move(mark));
  TALLY_TRY(files_.sync_directory(options_.directory));
  publish();
  return ok();
}

/// Removes a file that was being made when a crash came, and finds out about the spare.
Result<void> Journal::discard_drafts() {
  const auto removed = files_.remove(paths_.draft());
  if (!removed && removed.error().code != Errc::not_found) return removed.error();
  TALLY_TRY(const bool spare, has_spare(files_, paths_, options_.file_bytes));
  spare_ = spare ? Spare::ready : Spare::missing;
  return ok();
}

/// Gives back the disk space behind the last commit of the file before. Nothing depends on it.
void Journal::cut_predecessor(const Path& path, std::uint64_t end) {
  const auto cut = [&]() -> Result<void> {
    TALLY_TRY(auto file, files_.open(path, OpenMode::write));
    TALLY_TRY(const std::uint64_t size, file->size());
    return size > end ? file->truncate(end) : ok();
  }();
  if (!cut) spdlog::warn("could not cut a finished journal file: {}", to_string(cut.error()));
}

Result<void> Journal::prepare_spare() {
  if (spare_ != Spare::missing) return ok();
  const auto space = files_.space(paths_.directory);
  const auto limit = static_cast<double>(options_.disk_percent_max);
  if (space && space.value().percent_used(options_.file_bytes) >= limit) return ok();
  Spare expected = Spare::missing;
  if (!spare_.compare_exchange_strong(expected, Spare::making)) return ok();
  Result<void> written = write_spare(files_, paths_, options_.file_bytes);
  spare_ = written ? Spare::ready : Spare::missing;
  return written;
}

bool Journal::take_spare() noexcept {
  Spare expected = Spare::ready;
  return spare_.compare_exchange_strong(expected, Spare::taken);
}

void Journal::give_up_spare() {
  if (!take_spare()) return;
  const auto removed = files_.remove(paths_.spare());
  spare_ = Spare::missing;
  if (!removed) spdlog::warn("zeros written ahead remain: {}", to_string(removed.error()));
}

/// Makes the next file. Whether it succeeds or not, the number is used up: its name may have got to
/// the disk, and then cuts off all that any older file says later.
Result<void> Journal::start_file() {
  file_.reset();
  const FileHeader header{
      id_,           ++last_number_, state_.next,          state_.last_core,
      random_salt(), clock_.now(),   state_.last_received, state_.checkpoint_list()};
  const bool spare = take_spare();
  if (!spare) {
    const auto removed = files_.remove(paths_.draft());
    if (!removed && removed.error().code != Errc::not_found) return removed.error();
  }
  auto file = JournalFile::create(files_, paths_, header, spare);
  if (spare) spare_ = Spare::missing;
  if (!file) return file.error();
  file_.emplace(std::move(file).value());
  file_events_ = 0;
  return ok();
}

bool Journal::due(std::uint64_t bytes, std::uint64_t events) const {
  if (file_->empty()) return false;
  return !file_->fits(bytes, options_.file_bytes) ||
         file_events_ + events > options_.file_events_max ||
         clock_.now() - file_started_ >= options_.file_age_max;
}

CommitResult Journal::commit(std::span<const Batch* const> group) {
  std::uint64_t events = 0;
  std::uint64_t bytes = kCommitOverheadMax;
  for (const Batch* batch : group) {
    events += event_count(*batch);
    bytes += memory_bytes(*batch);
  }
  TALLY_TRY(ensure_file());
  if (due(bytes, events)) {
    TALLY_TRY(rotate());
  }
  const Sequence first = state_.next;
  if (auto written = write_commit(group); !written) return written.error();
  file_events_ += events;
  publish();
  return CommitRange{first, events};
}

Result<void> Journal::ensure_file() {
  if (file_) return ok();
  TALLY_TRY(start_file());
  publish();
  return ok();
}

Result<void> Journal::rotate() {
  if (!file_ || file_->empty()) return ok();
  const Path full = paths_.journal_file(file_->number());
  const std::uint64_t end = file_->end();
  TALLY_TRY(start_file());
  publish();
  cut_predecessor(full, end);
  return ok();
}

Result<void> Journal::write_commit(std::span<const Batch* const> group) {
  const CommitHeader header = join(group, state_, crc_seed(file_->salt()));
  TALLY_TRY(const EncodedCommit encoded, encoder_.encode(header, file_->salt()));
  std::vector<std::string_view> parts{encoded.bytes};
  for (const Batch* batch : group) {
    for (const DataFrame& frame : batch->frames) parts.push_back(frame.stored);
  }
  if (file_->empty()) file_started_ = clock_.now();
  const std::uint64_t before = file_->end();
  if (auto appended = file_->append(parts); !appended) return fail(appended.error());
  if (options_.durability == Durability::disk) {
    if (auto synced = sync(); !synced) return fail(synced.error());
  }
  state_.apply(header, encoded.core_hash);
  counters_.stored_bytes += file_->end() - before;
  return ok();
}

Result<void> Journal::sync() {
  const auto start = std::chrono::steady_clock::now();
  auto synced = file_->sync();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  counters_.sync_seconds_total += took.count();
  counters_.sync_seconds_max = std::max(counters_.sync_seconds_max, took.count());
  return synced;
}

/// Some of the commit may be on disk, or get there yet. Only once the next file's header, which
/// cuts it off, is durable may anybody be told that nothing was taken.
Error Journal::fail(const Error& error) {
  spdlog::error("commit failed, its journal file is given up: {}", to_string(error));
  if (const auto started = start_file(); !started) {
    return Error{Errc::indeterminate,
                 error.context + "; and no new journal file: " + started.error().context};
  }
  publish();
  return Error{error.code == Errc::no_space ? Errc::no_space : Errc::io, error.context};
}

/// Tells readers how far they may read. A mark that cannot be written only keeps them waiting.
void Journal::publish() {
  if (!mark_) return;
  const auto written = mark_->write({file_->number(), file_->end(), state_.next});
  if (!written) spdlog::warn("readers cannot be told: {}", to_string(written.error()));
}

}  // namespace tally::store
