#include "store/store_walk.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

#include "store/journal/journal_cut.h"
#include "store/segment/filter_probe.h"

namespace tally::store {
namespace {

/// Retention holds a number for as long as it takes to record and remove one file.
constexpr int kStartAttempts = 10'000;

/// Frames are checked by whoever reads them: most are passed over.
constexpr ScanOptions kScan{.check_frames = false, .keep_refused = false};

}  // namespace

StoreWalk::StoreWalk(FileSystem& files, StorePaths paths, Sequence from, Selection selection)
    : files_(&files),
      paths_(std::move(paths)),
      selection_(std::move(selection)),
      lock_(files, paths_),
      from_(from) {}

Result<std::unique_ptr<StoreWalk>> StoreWalk::open(FileSystem& files, StorePaths paths,
                                                   Sequence from, Selection wanted) {
  std::unique_ptr<StoreWalk> walk(new StoreWalk(files, std::move(paths), from, std::move(wanted)));
  TALLY_TRY(walk->start());
  return walk;
}

/// The number to start with is found, held, and looked for once more: it may have been removed
/// before it was held.
Result<void> StoreWalk::start() {
  for (int attempt = 0; attempt < kStartAttempts; ++attempt) {
    TALLY_TRY(relist());
    if (listing_.empty()) {
      return Error{Errc::not_found, "no store in " + paths_.directory.string()};
    }
    TALLY_TRY(const std::uint64_t number, starting_number());
    TALLY_TRY(const bool held, lock_.hold_from(number));
    if (held) {
      TALLY_TRY(relist());
      if (number > listing_.manifest.removed.through) {
        TALLY_TRY(const Step step, enter(number));
        if (step == Step::moved) return ok();
        return Error{Errc::corruption, "no file that can be read in " + paths_.directory.string()};
      }
    }
    std::this_thread::yield();
  }
  return Error{Errc::overloaded, "the oldest segments are being removed: try again"};
}

/// The file that holds `from_`, or else the oldest one.
Result<std::uint64_t> StoreWalk::starting_number() {
  const std::uint64_t oldest = *listing_.next_after(0);
  if (from_ <= kFirstSequence) return oldest;
  TALLY_TRY(const auto journal, newest_journal_from(from_));
  std::uint64_t number = journal.value_or(oldest);
  const auto& segments = listing_.manifest.segments;
  const auto behind = std::ranges::upper_bound(segments, from_, {}, &SegmentSummary::first);
  if (behind != segments.begin()) number = std::max(number, std::prev(behind)->number);
  return number;
}

/// From the newest backwards: most readers start near the end. Files that cannot be opened are told
/// when the walk comes to them.
Result<std::optional<std::uint64_t>> StoreWalk::newest_journal_from(Sequence from) {
  for (auto number = listing_.journals.rbegin(); number != listing_.journals.rend(); ++number) {
    const auto file = JournalReader::open(*files_, paths_, *number, kScan);
    if (file && file.value().header().first <= from) return std::optional(*number);
    const bool passable =
        file || file.error().code == Errc::corruption || file.error().code == Errc::not_found;
    if (!passable) return file.error();
  }
  return std::nullopt;
}

Result<std::optional<Chunk>> StoreWalk::next() {
  std::optional<Chunk> chunk;
  Step step = Step::moved;
  while (step == Step::moved) {
    if (segment_) {
      TALLY_TRY(step, step_in_segment(chunk));
    } else if (journal_) {
      TALLY_TRY(step, step_in_journal(chunk));
    } else {
      TALLY_TRY(step, enter_next());
    }
  }
  return chunk;
}

Result<StoreWalk::Step> StoreWalk::step_in_segment(std::optional<Chunk>& chunk) {
  const Sequence before = segment_->cursor.position();
  auto next = segment_->cursor.next();
  if (next) {
    chunk = std::move(next).value();
    if (!chunk) return leave_segment();
    if (segment_->reader.own_header_damaged()) note_block(chunk->first, 0);
    return Step::chunk;
  }
  if (next.error().code != Errc::corruption) {
    // Not read is not lost: the next call tries again.
    segment_->cursor = SegmentCursor(segment_->reader, before, selection_);
    return next.error();
  }
  note_block(before, distance(before, segment_->cursor.position()));
  return Step::moved;
}

Result<StoreWalk::Step> StoreWalk::step_in_journal(std::optional<Chunk>& chunk) {
  if (number_ < limit_.number && !cut_) return find_cut();
  if (cut_) {
    auto next = journal_->next(*cut_);
    collect();
    TALLY_TRY(chunk, std::move(next));
    return chunk ? Step::chunk : leave_journal();
  }
  if (number_ == limit_.number) {
    auto next = journal_->next(limit_.in_file);
    collect();
    TALLY_TRY(chunk, std::move(next));
    if (chunk) return Step::chunk;
  }
  const DurableLimit before = limit_;
  TALLY_TRY(limit_, read_durable_limit(*files_, paths_, before));
  return limit_ == before ? Step::end : Step::moved;
}

/// The journal file has been rotated: where does it end? If it has been sealed meanwhile, the walk
/// goes on in its segment, which knows that by itself.
Result<StoreWalk::Step> StoreWalk::find_cut() {
  TALLY_TRY(relist());
  if (number_ <= listing_.manifest.removed.through || listing_.manifest.find(number_) != nullptr) {
    return change_over();
  }
  std::vector<std::uint64_t> damaged;
  auto cut = find_journal_cut(*files_, paths_, listing_, number_, damaged);
  for (const std::uint64_t number : damaged) note_damaged_file(number);
  if (!cut && cut.error().code == Errc::not_found) return Step::moved;  // Just sealed: look again.
  TALLY_TRY(cut_, std::move(cut));
  return cut_ ? Step::moved : Step::end;
}

/// From a journal file to the segment that it has become. Where that cannot be read now, the walk
/// stays in the journal file: it would otherwise go on with the next number.
Result<StoreWalk::Step> StoreWalk::change_over() {
  from_ = position();
  auto left = std::exchange(journal_, nullptr);
  const auto opened = open_file(number_);
  if (!opened) {
    journal_ = std::move(left);
    return opened.error();
  }
  return opened.value() ? Step::moved : enter(listing_.next_after(number_));
}

Result<StoreWalk::Step> StoreWalk::leave_segment() {
  if (!listing_.next_after(number_)) {
    TALLY_TRY(relist());
  }
  const auto next = listing_.next_after(number_);
  if (!next) return Step::end;
  const SegmentSummary& summary = segment_->reader.summary();
  expected_ = advance(summary.first, summary.count);
  close_file();
  return enter(next);
}

Result<StoreWalk::Step> StoreWalk::leave_journal() {
  TALLY_TRY(journal_->finish(*cut_));
  collect();
  expected_ = cut_->first;
  close_file();
  return enter_next();
}

Result<StoreWalk::Step> StoreWalk::enter_next() {
  TALLY_TRY(relist());
  return enter(listing_.next_after(number_));
}

/// Opens that file, or the first one behind it that can be opened.
Result<StoreWalk::Step> StoreWalk::enter(std::optional<std::uint64_t> number) {
  for (; number; number = listing_.next_after(*number)) {
    if (pass_over(*number)) continue;
    TALLY_TRY(const bool opened, open_file(*number));
    if (!opened) continue;
    number_ = *number;
    // Going forward, all of it is held already.
    TALLY_TRY([[maybe_unused]] const bool held, lock_.hold_from(number_));
    return Step::moved;
  }
  return Step::end;
}

/// True: it is a segment in which nobody could find what is asked for. The first file is opened all
/// the same, because it says which store this is.
bool StoreWalk::pass_over(std::uint64_t number) {
  const SegmentSummary* segment = listing_.manifest.find(number);
  if (segment == nullptr || id_ == StoreId{}) return false;
  if (selection_.may_hold(segment->earliest, segment->latest) && may_have_strings(*segment)) {
    return false;
  }
  note_gap(paths_.segment_file(number), segment->first);
  expected_ = from_ = std::max(from_, advance(segment->first, segment->count));
  number_ = number;
  return true;
}

/// By its filter alone, which the manifest says the place of: a tenth of the time that reading the
/// footer takes. Whatever goes wrong is for open_file() to tell.
bool StoreWalk::may_have_strings(const SegmentSummary& segment) {
  if (selection_.strings.empty() || segment.filter.bytes == 0) return true;
  const auto file = files_->open(paths_.segment_file(segment.number), OpenMode::read);
  if (!file) return true;
  return std::ranges::all_of(selection_.strings, [&](const StringSelection& wanted) {
    return std::ranges::any_of(wanted.texts, [&](const std::string& text) {
      const auto possible = may_contain(*file.value(), segment.filter, text);
      return !possible || possible.value();
    });
  });
}

/// What the listing says of a number may be out of date: a journal file can have been sealed, and
/// where the disk is full, a segment removed.
Result<bool> StoreWalk::open_file(std::uint64_t number) {
  for (const bool first_look : {true, false}) {
    const SegmentSummary* segment = listing_.manifest.find(number);
    TALLY_TRY(const bool opened, segment ? open_segment(*segment) : open_journal(number));
    if (opened) return true;
    if (first_look) {
      TALLY_TRY(relist());
    }
  }
  if (number > listing_.manifest.removed.through) note_damaged_file(number);
  return false;
}

Result<bool> StoreWalk::open_segment(const SegmentSummary& listed) {
  const Path path = paths_.segment_file(listed.number);
  auto opened = SegmentReader::open(*files_, path);
  if (!opened) {
    const Errc code = opened.error().code;
    if (code == Errc::corruption || code == Errc::not_found) return false;
    return opened.error();
  }
  // Another segment under its name is as good as none.
  if (!is_same_segment(opened.value().summary(), listed)) return false;
  note_gap(path, listed.first);
  id_ = opened.value().identity().store;
  segment_ = std::make_unique<OpenSegment>(std::move(opened).value(), from_, selection_);
  return true;
}

Result<bool> StoreWalk::open_journal(std::uint64_t number) {
  auto opened = JournalReader::open(*files_, paths_, number, kScan);
  if (!opened) {
    const Errc code = opened.error().code;
    if (code == Errc::corruption || code == Errc::not_found) return false;
    return opened.error();
  }
  const FileHeader& header = opened.value().header();
  note_gap(opened.value().path(), header.first);
  id_ = header.store;
  journal_ = std::make_unique<JournalChunks>(std::move(opened).value(), from_);
  return true;
}

Result<void> StoreWalk::relist() {
  TALLY_TRY(listing_, list_store(*files_, paths_));
  for (const std::uint64_t number : listing_.unreadable) note_damaged_file(number);
  return ok();
}

void StoreWalk::close_file() {
  from_ = position();
  segment_.reset();
  journal_.reset();
  cut_.reset();
}

/// Of a read that failed, too.
void StoreWalk::collect() {
  std::ranges::move(journal_->take_corrupt(), std::back_inserter(corrupt_));
}

/// Events that no file holds, before the first one of the file at `path`. Where retention went past
/// the reader, nothing is damaged.
void StoreWalk::note_gap(const Path& path, Sequence first) {
  const Sequence position = std::max(expected_, from_);
  const bool starts_here = expected_ == Sequence{};
  expected_ = first;
  if (starts_here || position >= first) return;
  const Sequence kept = std::clamp(listing_.manifest.removed.first, position, first);
  if (position < kept) removed_.push_back({position, distance(position, kept)});
  if (kept < first) corrupt_.push_back({path, 0, 0, kept, distance(kept, first), true});
}

/// The block that has the event: so many from it on are lost, none if only its header is damaged.
void StoreWalk::note_block(Sequence in_block, std::uint64_t lost) {
  CorruptRange range{paths_.segment_file(number_), 0, 0, in_block, lost};
  for (const BlockEntry& block : segment_->reader.blocks()) {
    if (in_block < block.first || advance(block.first, block.count) <= in_block) continue;
    range.offset = block.offset;
    range.bytes = block.bytes;
  }
  corrupt_.push_back(range);
}

/// Which events it held, the manifest knows of a segment; of a journal file, its neighbours tell.
void StoreWalk::note_damaged_file(std::uint64_t number) {
  if (!damaged_files_.insert(number).second) return;
  const SegmentSummary* segment = listing_.manifest.find(number);
  if (segment == nullptr) {
    const bool sealed = std::ranges::binary_search(listing_.unreadable, number);
    const Path path = sealed ? paths_.segment_file(number) : paths_.journal_file(number);
    corrupt_.push_back({path, 0, 0, Sequence{0}, 0});
    return;
  }
  corrupt_.push_back({paths_.segment_file(number), 0, 0, segment->first, segment->count});
  expected_ = advance(segment->first, segment->count);
}

Sequence StoreWalk::position() const noexcept {
  Sequence position = std::max(from_, expected_);
  if (segment_) position = std::max(from_, segment_->cursor.position());
  if (journal_) position = journal_->position();
  return position;
}
}  // namespace tally::store
