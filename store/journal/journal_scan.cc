#include "store/journal/journal_scan.h"

#include <algorithm>
#include <utility>

#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/journal/journal_format.h"

namespace tally::store {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
/// What window() gives at the least: room for any prefix.
constexpr std::size_t kWindowBytesMin = 32;
static_assert(kWindowBytesMin >= kCommitPrefixBytes && kWindowBytesMin >= kFileHeaderPrefixBytes);

/// A file made to do harm can be full of valid prefixes of headers that are not, each of which
/// costs a look at up to kCommitHeaderBytesMax. Past so many times the file's length a search gives
/// up.
constexpr std::uint64_t kSearchEffort = 16;

bool all_zero(std::string_view bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
}

}  // namespace

JournalScan::JournalScan(File& file, Path path, ScanOptions options)
    : file_(&file), path_(std::move(path)), options_(options) {
  decoder_.keep_refused(options.keep_refused);
}

Result<JournalScan> JournalScan::open(File& file, Path path, ScanOptions options) {
  JournalScan scan(file, std::move(path), options);
  TALLY_TRY(scan.read_file_header());
  return scan;
}

JournalScan JournalScan::without_header(File& file, Path path, std::uint64_t salt,
                                        ScanOptions options) {
  JournalScan scan(file, std::move(path), options);
  scan.header_.salt = salt;
  scan.seed_ = crc_seed(salt);
  return scan;
}

Result<void> JournalScan::read_file_header() {
  TALLY_TRY(refresh());
  TALLY_TRY(const std::string_view prefix, window(0));
  const auto bytes = file_header_bytes(prefix);
  if (!bytes) return located(0, bytes.error());
  std::string storage;
  TALLY_TRY(const std::string_view frame, read_header(0, bytes.value(), storage));
  auto decoded = decode_file_header(frame);
  if (!decoded) return located(0, decoded.error());
  header_ = std::move(decoded.value().header);
  seed_ = crc_seed(header_.salt);
  offset_ = decoded.value().bytes;
  predecessor_ = Predecessor{header_.first, header_.previous_core};
  return ok();
}

Result<std::optional<Commit>> JournalScan::next() {
  // What is held of the file may be older than this call; it may prove a commit, but not a tail.
  const bool fresh = piece_.empty();
  if (fresh) {
    TALLY_TRY(refresh());
  }
  TALLY_TRY(auto commit, attempt());
  if (!commit && !fresh) {
    TALLY_TRY(refresh());
    TALLY_TRY(commit, attempt());
  }
  return commit;
}

Result<std::optional<Commit>> JournalScan::attempt() {
  TALLY_TRY(const bool clean, at_clean_end());
  if (clean) {
    tail_ = {JournalTail::State::clean, offset_, {}};
    return std::nullopt;
  }
  auto commit = commit_at(offset_, options_.check_frames);
  if (!commit) {
    if (commit.error().code != Errc::corruption) return std::move(commit).as_failure();
    tail_ = {JournalTail::State::bad, offset_, std::move(commit.error().context)};
    return std::nullopt;
  }
  if (const auto follows = check_predecessor(commit.value()); !follows) {
    tail_ = {JournalTail::State::bad, offset_, follows.error().context};
    return std::nullopt;
  }
  advance_past(commit.value());
  return std::optional(std::move(commit.value()));
}

Result<bool> JournalScan::at_clean_end() {
  TALLY_TRY(const std::string_view rest, window(offset_));
  if (rest.empty()) return true;
  return rest.size() >= kRestHeaderBytes && get_fixed32(rest.data()) == kRestMagic &&
         offset_ + kRestHeaderBytes + get_fixed32(rest.data() + 4) == file_bytes_;
}

Result<Commit> JournalScan::commit_at(std::uint64_t offset, bool with_frames) {
  TALLY_TRY(const std::string_view front, window(offset));
  const auto prefix = decode_commit_prefix(front, header_.salt);
  if (!prefix) return located(offset, prefix.error());
  std::string storage;
  TALLY_TRY(const std::string_view header,
            read_header(offset, prefix.value().header_bytes, storage));
  auto decoded = decoder_.decode(header, header_.salt);
  if (!decoded) return located(offset, decoded.error());

  Commit commit;
  commit.offset = offset;
  commit.data_offset = offset + header.size();
  commit.header = std::move(decoded.value().header);
  commit.core_hash = decoded.value().core_hash;
  commit.end = commit.data_offset;
  for (const StoredFrame& frame : commit.header.stored) {
    commit.frame_offsets.push_back(commit.end);
    commit.end += frame.bytes;
  }
  if (commit.end > file_bytes_ && !options_.partial_commits)
    return corruption(offset, "data frames are cut short");
  if (with_frames) {
    TALLY_TRY(check_frames(commit));
  }
  return commit;
}

Result<void> JournalScan::check_frames(const Commit& commit) {
  for (std::size_t i = 0; i < commit.frame_offsets.size(); ++i) {
    std::uint64_t at = commit.frame_offsets[i];
    const std::uint64_t end = at + commit.header.stored[i].bytes;
    std::uint32_t crc = seed_;
    while (at < end) {
      TALLY_TRY(const std::string_view piece, window(at));
      if (piece.empty()) return corruption(commit.offset, "data frames are cut short");
      const std::string_view part = piece.substr(0, end - at);
      crc = crc32c(part, crc);
      examined_ += part.size();
      at += part.size();
    }
    if (crc != commit.header.stored[i].crc) {
      return corruption(commit.offset, "a data frame does not match its CRC");
    }
  }
  return ok();
}

Result<void> JournalScan::check_predecessor(const Commit& commit) const {
  if (!predecessor_) return ok();
  if (commit.header.first != predecessor_->next) {
    return corruption(commit.offset, "the commit does not go on with the next sequence");
  }
  if (commit.header.previous_core != predecessor_->core_hash) {
    return corruption(commit.offset, "the commit does not name its predecessor's hash");
  }
  return ok();
}

bool JournalScan::precedes(const Commit& commit) const noexcept {
  return predecessor_ && commit.header.first < predecessor_->next;
}

void JournalScan::advance_past(const Commit& commit) {
  offset_ = commit.end;
  predecessor_ =
      Predecessor{advance(commit.header.first, event_count(commit.header)), commit.core_hash};
}

Result<bool> JournalScan::rest_is_zero() {
  std::uint64_t at = tail_.offset + kRestHeaderBytes;
  while (at < file_bytes_) {
    TALLY_TRY(const std::string_view piece, window(at));
    if (piece.empty()) break;
    if (!all_zero(piece)) return false;
    at += piece.size();
  }
  return true;
}

Result<std::optional<Commit>> JournalScan::resync(std::uint64_t from, std::uint64_t to) {
  TALLY_TRY(refresh());
  to = std::min(to, file_bytes_);
  examined_ = 0;
  while (true) {
    TALLY_TRY(const auto found, find_commit_magic(from, to));
    if (!found) return std::nullopt;
    auto commit = commit_at(*found, !options_.partial_commits);
    if (!commit && commit.error().code != Errc::corruption) return std::move(commit).as_failure();
    if (commit && !precedes(commit.value())) {
      advance_past(commit.value());
      return std::optional(std::move(commit.value()));
    }
    if (examined_ > kSearchEffort * file_bytes_) {
      return corruption(*found, "gave up the search: too many commits that only begin well");
    }
    from = *found + 1;
  }
}

Result<std::optional<std::uint64_t>> JournalScan::find_commit_magic(std::uint64_t from,
                                                                    std::uint64_t to) {
  std::string magic;
  put_fixed32(magic, kCommitMagic);
  while (from < to) {
    TALLY_TRY(const std::string_view piece, window(from));
    const std::size_t at = piece.find(magic);
    if (at != std::string_view::npos) {
      if (from + at >= to) return std::nullopt;
      return from + at;
    }
    if (piece.size() < magic.size()) return std::nullopt;
    // One that begins in the last bytes of the piece ends in the next.
    from += piece.size() - (magic.size() - 1);
  }
  return std::nullopt;
}

void JournalScan::seek(std::uint64_t offset) noexcept {
  offset_ = offset;
  predecessor_.reset();
}

Result<std::string_view> JournalScan::read_frame(const Commit& commit, std::size_t frame) {
  const StoredFrame& stored = commit.header.stored.at(frame);
  frame_.resize(stored.bytes);
  TALLY_TRY(const std::size_t read, file_->read_at(commit.frame_offsets.at(frame), frame_));
  if (read != frame_.size() || crc32c(frame_, seed_) != stored.crc) {
    return corruption(commit.frame_offsets[frame], "the data frame does not match its CRC");
  }
  return std::string_view(frame_);
}

Result<void> JournalScan::refresh() {
  piece_.clear();
  TALLY_TRY(file_bytes_, file_->size());
  return ok();
}

Result<std::string_view> JournalScan::window(std::uint64_t offset) {
  const bool held =
      offset >= piece_offset_ && offset + kWindowBytesMin <= piece_offset_ + piece_.size();
  const bool holds_end = piece_offset_ + piece_.size() >= file_bytes_;
  const bool at_end = offset >= piece_offset_ && holds_end && !piece_.empty();
  if (!held && !at_end) {
    piece_.resize(kPieceBytes);
    piece_offset_ = offset;
    auto read = file_->read_at(offset, piece_);
    piece_.resize(read ? read.value() : 0);
    if (!read) return std::move(read).as_failure();
  }
  const std::string_view piece = piece_;
  return piece.substr(std::min<std::uint64_t>(offset - piece_offset_, piece.size()));
}

Result<std::string_view> JournalScan::read_header(std::uint64_t offset, std::size_t bytes,
                                                  std::string& storage) {
  if (offset > file_bytes_ || bytes > file_bytes_ - offset) {
    return corruption(offset, "a header is cut short by the end of the file");
  }
  examined_ += bytes;
  TALLY_TRY(const std::string_view held, window(offset));
  if (held.size() >= bytes) return held.substr(0, bytes);
  storage.resize(bytes);
  TALLY_TRY(const std::size_t read, file_->read_at(offset, storage));
  return std::string_view(storage).substr(0, read);
}

Error JournalScan::located(std::uint64_t offset, const Error& error) const {
  return {error.code, path_.string() + ", byte " + std::to_string(offset) + ": " + error.context};
}

Error JournalScan::corruption(std::uint64_t offset, std::string_view what) const {
  return located(offset, {Errc::corruption, std::string(what)});
}

}  // namespace tally::store
