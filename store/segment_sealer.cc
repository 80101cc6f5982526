#include "store/segment_sealer.h"

#include <string>
#include <utility>
#include <vector>

#include "store/journal/journal_cut.h"
#include "store/seal_recovery.h"
#include "store/store_listing.h"

namespace tally::store {

SegmentSealer::SegmentSealer(FileSystem& files, StorePaths paths, ManifestWriter& manifest,
                             const RejectedLimits& limits, Pause pause)
    : files_(&files),
      paths_(std::move(paths)),
      manifest_(manifest),
      rejected_(files, paths_, limits),
      pause_(std::move(pause)) {}

/// What was read of the journal. An I/O error there is one disk's or file's own; at writing it
/// would come back with every file.
template <class T>
Result<T> SegmentSealer::noted(Result<T> read) {
  unreadable_ = unreadable_ || (!read && read.error().code == Errc::io);
  return read;
}

/// The record in the manifest is what decides: before it the journal file counts, from it on the
/// segment. The refused events are in their place by then, so that a reader of these finds them
/// there as soon as it does not look for them in the journal any more.
Result<void> SegmentSealer::seal(std::uint64_t number) {
  unreadable_ = false;
  TALLY_TRY(const JournalCut cut, find_cut(number));
  TALLY_TRY(auto journal,
            noted(JournalReader::open(*files_, paths_, number,
                                      {.check_frames = false, .keep_refused = true})));
  RejectedFileWriter rejected(*files_, paths_, {*manifest_.manifest().store, number});
  auto written = write_segment(journal, cut, rejected);
  if (!written) {
    (void)files_->remove(paths_.segment_draft());  // Its space may be what is missing.
    (void)files_->remove(paths_.rejected_draft());
    return written.error();
  }
  TALLY_TRY(files_->rename(paths_.segment_draft(), paths_.segment_file(number)));
  TALLY_TRY(files_->sync_directory(paths_.segments()));
  TALLY_TRY(auto rejected_bytes, rejected.finish());
  TALLY_TRY(manifest_.add(written.value()));
  TALLY_TRY(remove_sealed());
  return rejected_.add(number, std::move(rejected_bytes));
}

Result<void> SegmentSealer::remove_sealed() {
  return remove_sealed_journals(*files_, paths_, manifest_.manifest());
}

Result<JournalCut> SegmentSealer::find_cut(std::uint64_t number) {
  TALLY_TRY(const StoreListing listing, list_store(*files_, paths_));
  std::vector<std::uint64_t> damaged;
  TALLY_TRY(const auto cut, noted(find_journal_cut(*files_, paths_, listing, number, damaged)));
  if (cut) return *cut;
  return Error{Errc::corruption,
               paths_.journal_file(number).string() + ": no file behind it says where it ends"};
}

Result<SegmentSummary> SegmentSealer::write_segment(JournalReader& journal, const JournalCut& cut,
                                                    RejectedFileWriter& rejected) {
  const FileHeader& header = journal.header();
  const auto removed = files_->remove(paths_.segment_draft());
  if (!removed && removed.error().code != Errc::not_found) return removed.error();
  TALLY_TRY(auto segment, SegmentWriter::create(*files_, paths_.segment_draft(),
                                                {header.store, header.number, header.first}));
  while (true) {
    TALLY_TRY(const auto commit, noted(journal.next_before(cut)));
    if (!commit) break;
    TALLY_TRY(copy(journal, *commit, segment));
    TALLY_TRY(rejected.add(commit->header.refused));
  }
  TALLY_TRY(noted(journal.finish(cut)));
  if (const auto corrupt = journal.take_corrupt(); !corrupt.empty()) {
    return Error{Errc::corruption, journal.path().string() + ", byte " +
                                       std::to_string(corrupt.front().offset) +
                                       ": damaged, so the file stays in the journal; tally "
                                       "salvage extracts what can be read of it"};
  }
  return segment.finish();
}

Result<void> SegmentSealer::copy(JournalReader& journal, const Commit& commit,
                                 SegmentWriter& segment) {
  TALLY_TRY(segment.begin_commit(commit.header, commit.core_hash));
  for (std::size_t i = 0; i < commit.header.frames.size(); ++i) {
    TALLY_TRY(const std::string_view stored, noted(journal.read_frame(commit, i)));
    TALLY_TRY(const std::string_view lines,
              decoder_.decode(stored, commit.header.frames[i].lines_bytes));
    TALLY_TRY(segment.add_frame(lines));
    if (!pause_()) return Error{Errc::overloaded, "sealing was given up"};
  }
  return ok();
}

}  // namespace tally::store
