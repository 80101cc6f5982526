#include "query/spill_file.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <span>
#include <utility>

#include "store/cursor.h"

namespace tally::query {
namespace {

constexpr std::size_t kWriteBytes = 256 * 1024;

/// Stands before each record. The file is this process's own and short-lived, so that its own byte
/// order and layout will do.
struct RecordHeader {
  SortKey key;
  std::uint64_t length = 0;
};

store::Path unused_name(const store::Path& directory) {
  std::random_device random;
  return directory / ("tally-sort-" + std::to_string(getpid()) + "-" + std::to_string(random()));
}

}  // namespace

SpillFile::SpillFile(std::unique_ptr<store::File> file) : file_(std::move(file)) {}

Result<SpillFile> SpillFile::create(store::FileSystem& files, const store::Path& directory) {
  const store::Path path = unused_name(directory);
  TALLY_TRY(auto file, files.open(path, store::OpenMode::create));
  TALLY_TRY(files.remove(path));
  return SpillFile(std::move(file));
}

Result<void> SpillFile::append(SortKey key, std::string_view record) {
  const RecordHeader header{key, record.size()};
  buffer_.append(reinterpret_cast<const char*>(&header), sizeof(header));
  buffer_.append(record);
  if (buffer_.size() >= kWriteBytes) return flush();
  return ok();
}

Result<SpilledRun> SpillFile::end_run() {
  TALLY_TRY(flush());
  return SpilledRun{std::exchange(run_begin_, written_), written_};
}

Result<void> SpillFile::flush() {
  const std::array<std::string_view, 1> parts{buffer_};
  TALLY_TRY(file_->write_at(written_, parts));
  written_ += buffer_.size();
  buffer_.clear();
  return ok();
}

RunReader::RunReader(store::File& file, SpilledRun run, std::size_t buffer_bytes)
    : file_(&file), rest_(run), capacity_(std::max(buffer_bytes, sizeof(RecordHeader))) {}

Result<bool> RunReader::advance() {
  if (begin_ == end_ && rest_.begin == rest_.end) return false;
  TALLY_TRY(fill(sizeof(RecordHeader)));
  RecordHeader header;
  std::memcpy(&header, buffer_.get() + begin_, sizeof(header));
  begin_ += sizeof(header);
  TALLY_TRY(fill(header.length));
  key_ = header.key;
  record_ = {buffer_.get() + begin_, header.length};
  begin_ += header.length;
  return true;
}

/// Makes the next `needed` bytes of the run stand in the buffer in one piece.
Result<void> RunReader::fill(std::size_t needed) {
  if (buffer_ != nullptr && end_ - begin_ >= needed) return ok();
  const std::size_t kept = end_ - begin_;
  if (buffer_ == nullptr || needed > capacity_) {
    capacity_ = std::max(capacity_, needed);
    auto larger = std::make_unique<char[]>(capacity_ + store::kChunkPadding);
    if (kept > 0) std::memcpy(larger.get(), buffer_.get() + begin_, kept);
    buffer_ = std::move(larger);
  } else {
    std::memmove(buffer_.get(), buffer_.get() + begin_, kept);
  }
  begin_ = 0;
  end_ = kept;
  const auto wanted = std::min<std::uint64_t>(capacity_ - kept, rest_.end - rest_.begin);
  TALLY_TRY(auto got, file_->read_at(rest_.begin, std::span<char>(buffer_.get() + kept, wanted)));
  if (got != wanted || kept + got < needed) {
    return Error{Errc::corruption,
                 "the temporary file for sorting is shorter than what was written"};
  }
  rest_.begin += got;
  end_ += got;
  return ok();
}

}  // namespace tally::query
