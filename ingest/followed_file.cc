#include "ingest/followed_file.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "ingest/verdict_batch.h"

namespace tally::ingest {
namespace {

constexpr std::size_t kPieceBytes = 1024 * 1024;

}  // namespace

FollowTools::FollowTools(const Clock& injected)
    : clock(injected), buffer(FilePosition::kTailMax + kPieceBytes + Validator::kPadding) {}

Result<std::unique_ptr<FollowedFile>> FollowedFile::open(const store::Path& at, std::string path) {
  // Not to block on a pipe that has the file's name.
  const int descriptor = ::open(at.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return errno_error(errno, at.string());
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  if (!known || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return Error{Errc::invalid, at.string() + " is not a regular file"};
  }
  const FileId id{status.st_dev, status.st_ino};
  return std::unique_ptr<FollowedFile>(new FollowedFile(descriptor, id, std::move(path)));
}

FollowedFile::FollowedFile(int descriptor, FileId id, std::string path)
    : descriptor_(descriptor), id_(id), path_(std::move(path)) {}

FollowedFile::~FollowedFile() { ::close(descriptor_); }

bool FollowedFile::resume(const FilePosition& position) {
  if (position.id != id_ || !has_bytes_of(descriptor_, position)) return false;
  std::string tail(std::min<std::uint64_t>(position.offset, FilePosition::kTailMax), '\0');
  const auto got = read_at(position.offset - tail.size(), tail.data(), tail.size());
  if (!got || got.value() != tail.size()) return false;
  offset_ = position.offset;
  tail_ = std::move(tail);
  head_length_ = position.head_length;
  head_ = position.head;
  return true;
}

Result<std::optional<store::Batch>> FollowedFile::next_batch(FollowTools& tools,
                                                             LastLine last_line) {
  if (overlong_) return overlong_batch(tools, last_line);
  char* const buffer = tools.buffer.data();
  const std::size_t wanted = tail_.size() + kPieceBytes;
  TALLY_TRY(std::size_t got, read_at(offset_ - tail_.size(), buffer, wanted));
  if (!holds_tail({buffer, got})) {
    spdlog::info("{} was truncated: reading it from its start", path_);
    start_over();
    TALLY_TRY(got, read_at(0, buffer, kPieceBytes));
  }
  char* const fresh = buffer + tail_.size();
  const std::string_view text(fresh, got - tail_.size());
  const std::size_t last = text.rfind('\n');
  if (last != text.npos) return batch_of(tools, fresh, last + 1);
  if (text.size() > Validator::kEventBytesMax + 1) {  // One byte more may be a carriage return.
    overlong_.emplace(offset_);
    return overlong_batch(tools, last_line);
  }
  if (text.empty() || last_line == LastLine::waits) return std::nullopt;
  return batch_of(tools, fresh, text.size());
}

/// Of whole lines that lie in the buffer, behind the tail.
Result<std::optional<store::Batch>> FollowedFile::batch_of(FollowTools& tools, char* fresh,
                                                           std::size_t length) {
  // Before the validator moves lines over one another.
  std::string tail(std::string_view(fresh - tail_.size(), tail_.size() + length));
  tail.erase(0, tail.size() - std::min(tail.size(), FilePosition::kTailMax));
  BodyOrigin origin;
  origin.kind = SourceKind::file;
  origin.source = path_;
  origin.offset = offset_;
  origin.received = tools.clock.now();
  store::Batch batch;
  const Verdict& verdict = tools.validator.validate({fresh, length}, BodyForm::ndjson);
  append_verdict(verdict, origin, tools.encoder, batch);
  TALLY_TRY(advance_to(offset_ + length, std::move(tail), batch));
  return batch;
}

/// Reads on in a line that is refused for its length, to its end or the file's.
Result<std::optional<store::Batch>> FollowedFile::overlong_batch(FollowTools& tools,
                                                                 LastLine last_line) {
  for (bool ended = false; !ended;) {
    TALLY_TRY(const std::size_t got, read_at(overlong_->next(), tools.buffer.data(), kPieceBytes));
    if (got > 0) {
      ended = overlong_->take({tools.buffer.data(), got});
      continue;
    }
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return errno_error(errno, path_);
    if (static_cast<std::uint64_t>(status.st_size) < overlong_->next()) {
      overlong_.reset();  // Truncated, or worse: a look from the line's start on tells.
      return next_batch(tools, last_line);
    }
    if (last_line == LastLine::waits) return std::nullopt;
    ended = true;
  }
  const std::uint64_t end = overlong_->next();
  store::Batch batch;
  store::RefusedEvent refused = overlong_->finish();
  overlong_.reset();
  refused.source = path_;
  refused.received = tools.clock.now();
  batch.refused.push_back(std::move(refused));
  std::string tail(FilePosition::kTailMax, '\0');
  TALLY_TRY(const std::size_t got, read_at(end - tail.size(), tail.data(), tail.size()));
  tail.resize(got);
  TALLY_TRY(advance_to(end, std::move(tail), batch));
  return batch;
}

/// Adds the checkpoint of that offset, and keeps it in mind for committed().
Result<void> FollowedFile::advance_to(std::uint64_t offset, std::string tail, store::Batch& batch) {
  if (head_length_ < FilePosition::kHeadMax) {
    const auto length = std::min<std::uint64_t>(offset, FilePosition::kHeadMax);
    TALLY_TRY(head_, hash_range(descriptor_, 0, length));
    head_length_ = static_cast<std::uint32_t>(length);
  }
  FilePosition position{id_, offset, head_length_, head_, store::sha256_of(tail)};
  batch.checkpoints.push_back({checkpoint_source(id_, path_), encode(position)});
  pending_offset_ = offset;
  pending_tail_ = std::move(tail);
  return ok();
}

store::Batch FollowedFile::farewell() const {
  store::Batch batch;
  batch.checkpoints.push_back({checkpoint_source(id_, path_), {}});
  return batch;
}

void FollowedFile::committed() noexcept {
  offset_ = pending_offset_;
  tail_ = std::move(pending_tail_);
}

void FollowedFile::dropped() noexcept { pending_tail_.clear(); }

Result<std::size_t> FollowedFile::read_at(std::uint64_t offset, char* into,
                                          std::size_t length) const {
  const ssize_t got = ::pread(descriptor_, into, length, static_cast<off_t>(offset));
  if (got < 0) return errno_error(errno, path_);
  return static_cast<std::size_t>(got);
}

/// Whether what was read begins with what was read there before.
bool FollowedFile::holds_tail(std::string_view read) const noexcept {
  return read.starts_with(tail_);
}

void FollowedFile::start_over() {
  offset_ = 0;
  tail_.clear();
  head_length_ = 0;
}

}  // namespace tally::ingest
