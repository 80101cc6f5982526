#include "store/salvage/journal_salvage.h"

#include <algorithm>
#include <string>
#include <utility>

#include "store/disk/sha256.h"
#include "store/journal/frame_decoder.h"
#include "store/journal/journal_format.h"
#include "store/journal/journal_scan.h"
#include "store/journal/run_slicer.h"
#include "store/salvage/loose_frames.h"
#include "store/salvage/lost_salt.h"

namespace tally::store {
namespace {

constexpr ScanOptions kScan{.check_frames = false, .keep_refused = true, .partial_commits = true};
constexpr std::size_t kPieceBytes = 64 * 1024;

/// The salvage of one file.
class JournalSalvage {
 public:
  JournalSalvage(File& file, const Path& path, const SalvageOptions& options,
                 const SalvageOutlet& outlet)
      : file_(&file), path_(path), options_(options), outlet_(outlet) {}

  Result<SalvageFindings> run() {
    TALLY_TRY(file_bytes_, file_->size());
    TALLY_TRY(auto scan, open());
    while (scan) {
      TALLY_TRY(const auto commit, next_commit(*scan));
      if (!commit) break;
      TALLY_TRY(give(*scan, *commit));
    }
    return std::move(findings_);
  }

 private:
  Result<std::optional<JournalScan>> open();
  Result<std::optional<Commit>> next_commit(JournalScan& scan);
  Result<std::optional<Commit>> search(JournalScan& scan, std::string reason);
  Result<bool> ends_well(JournalScan& scan);
  Result<void> note_gap(std::uint64_t from, std::uint64_t to, std::string reason);
  Result<std::uint64_t> end_of_content(std::uint64_t from, std::uint64_t to);
  Result<void> give(JournalScan& scan, const Commit& commit);
  Result<std::string_view> read_frame(JournalScan& scan, const Commit& commit, std::size_t frame);

  File* file_;
  const Path& path_;
  const SalvageOptions& options_;
  const SalvageOutlet& outlet_;
  std::uint64_t file_bytes_ = 0;
  SalvageFindings findings_;
  FrameDecoder decoder_;
  std::optional<std::uint64_t> bad_frame_;  ///< offset of the last commit's first bad frame
};

Result<std::optional<JournalScan>> JournalSalvage::open() {
  auto opened = JournalScan::open(*file_, path_, kScan);
  if (opened) {
    findings_.store = opened.value().header().store;
    findings_.number = opened.value().header().number;
    findings_.first = opened.value().header().first;
    return std::optional(std::move(opened).value());
  }
  if (opened.error().code == Errc::io) return opened.error();
  TALLY_TRY(const auto salt, find_lost_salt(*file_));
  if (salt) return std::optional(JournalScan::without_header(*file_, path_, *salt, kScan));
  TALLY_TRY(note_gap(0, file_bytes_, "neither a file header nor a commit can be read"));
  findings_.end_in_doubt = true;
  return std::optional<JournalScan>();
}

/// The next commit that can be read, in its place or behind damage.
Result<std::optional<Commit>> JournalSalvage::next_commit(JournalScan& scan) {
  if (scan.offset() == 0) return search(scan, "the file header is damaged");
  auto next = scan.next();
  if (!next && next.error().code == Errc::io) return next;
  if (!next) return search(scan, next.error().context);
  if (!next.value()) {
    TALLY_TRY(const bool end, ends_well(scan));
    if (end) return std::optional<Commit>();
    const bool bad = scan.tail().state == JournalTail::State::bad;
    return search(scan, bad ? scan.tail().reason : "something follows the mark of the end");
  }
  bad_frame_.reset();
  return next;
}

/// Behind a commit with bad frames the next one may begin before it should: bytes can be missing.
Result<std::optional<Commit>> JournalSalvage::search(JournalScan& scan, std::string reason) {
  const std::uint64_t at = std::min(scan.offset(), file_bytes_);
  auto found = scan.resync(std::min(at, bad_frame_.value_or(at)), file_bytes_);
  if (!found && found.error().code == Errc::io) return found;
  bad_frame_.reset();
  const bool given_up = !found;
  if (given_up) reason = found.error().context;
  if (!given_up && found.value()) {
    if (found.value()->offset > at) {
      TALLY_TRY(note_gap(at, found.value()->offset, std::move(reason)));
    }
    return found;
  }
  findings_.end_in_doubt = true;
  TALLY_TRY(note_gap(at, file_bytes_, std::move(reason)));
  return std::optional<Commit>();
}

/// Whether nothing follows: the file ends here, or zeros up to its end under a rest header.
Result<bool> JournalSalvage::ends_well(JournalScan& scan) {
  if (scan.tail().state != JournalTail::State::clean) return false;
  if (bad_frame_ && scan.offset() > file_bytes_) return false;  // The file was cut short.
  return scan.rest_is_zero();
}

Result<void> JournalSalvage::note_gap(std::uint64_t from, std::uint64_t to, std::string reason) {
  TALLY_TRY(const std::uint64_t end, end_of_content(from, to));
  if (end == from) reason += "; zeros follow up to byte " + std::to_string(to);
  findings_.note(from, end - from, std::move(reason));
  if (!options_.unverified) return ok();
  return give_loose_frames(*file_, from, end - from, outlet_);
}

/// Where the zeros begin that [from, to) ends with.
Result<std::uint64_t> JournalSalvage::end_of_content(std::uint64_t from, std::uint64_t to) {
  std::string piece;
  while (from < to) {
    piece.resize(std::min<std::uint64_t>(kPieceBytes, to - from));
    TALLY_TRY(const std::size_t read, file_->read_at(to - piece.size(), piece));
    const std::size_t last = std::string_view(piece).substr(0, read).find_last_not_of('\0');
    if (last != std::string_view::npos) return to - piece.size() + last + 1;
    to -= piece.size();
  }
  return from;
}

Result<void> JournalSalvage::give(JournalScan& scan, const Commit& commit) {
  const CommitHeader& header = commit.header;
  if (!header.refused.empty()) {
    const Sequence end = advance(header.first, event_count(header));
    TALLY_TRY(outlet_.refused({header.refused, end}));
  }
  RunSlicer slicer(header.runs);
  Sequence first = header.first;
  for (std::size_t i = 0; i < header.frames.size(); ++i) {
    const std::uint32_t count = header.frames[i].count;
    const auto lines = read_frame(scan, commit, i);
    if (lines) {
      Chunk chunk = slicer.take(lines.value(), count, 0);
      chunk.first = first;
      TALLY_TRY(outlet_.events({.chunk = chunk, .store = findings_.store}));
    } else {
      const std::uint64_t offset = commit.frame_offsets[i];
      if (!bad_frame_) bad_frame_ = offset;
      findings_.note(offset, header.stored[i].bytes, lines.error().context);
      slicer.skip(count);
    }
    first = advance(first, count);
  }
  return ok();
}

/// A frame's lines, held to their SHA-256: its CRC alone would do for chance, but not for what
/// somebody put there.
Result<std::string_view> JournalSalvage::read_frame(JournalScan& scan, const Commit& commit,
                                                    std::size_t frame) {
  if (commit.frame_offsets[frame] >= file_bytes_) {
    return Error{Errc::corruption, "the file ends before this data frame"};
  }
  const FrameDigest& digest = commit.header.frames[frame];
  TALLY_TRY(const std::string_view stored, scan.read_frame(commit, frame));
  TALLY_TRY(const std::string_view lines, decoder_.decode(stored, digest.lines_bytes));
  if (sha256_of(lines) != digest.lines_sha256 ||
      std::ranges::count(lines, '\n') != static_cast<std::ptrdiff_t>(digest.count) ||
      lines.back() != '\n') {
    return Error{Errc::corruption, "the data frame's lines are not those that its commit names"};
  }
  return lines;
}

}  // namespace

Result<SalvageFindings> salvage_journal(File& file, const Path& path, const SalvageOptions& options,
                                        const SalvageOutlet& outlet) {
  return JournalSalvage(file, path, options, outlet).run();
}

}  // namespace tally::store
