#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/file_position.h"
#include "ingest/overlong_line.h"
#include "ingest/validator.h"
#include "model/clock.h"
#include "model/result.h"
#include "store/batch.h"
#include "store/disk/file_system.h"
#include "store/disk/sha256.h"
#include "store/journal/frame_encoder.h"

namespace tally::ingest {

/// What reading a file takes, and several files can share, one after the other.
struct FollowTools {
  explicit FollowTools(const Clock& injected);

  const Clock& clock;
  Validator validator;
  store::FrameEncoder encoder;
  std::vector<char> buffer;
};

/// What to do with text behind the last line end.
enum class LastLine : std::uint8_t {
  waits,  ///< its end may still be written
  ends,   ///< nothing comes any more: it is a line
};

/// One file that is open, whatever its name is by now: cuts what is appended to it into batches,
/// each with the checkpoint that comes with it. After a batch was given out, committed() or
/// dropped() has to be called before the next. Not thread-safe.
class FollowedFile {
 public:
  /// Opens the file at `at`, to be read from its start. `path` is the one by which it is followed.
  static Result<std::unique_ptr<FollowedFile>> open(const store::Path& at, std::string path);
  ~FollowedFile();
  FollowedFile(const FollowedFile&) = delete;
  FollowedFile& operator=(const FollowedFile&) = delete;

  /// Goes on from there; false, and from the start, if the file is not the one that was read.
  bool resume(const FilePosition& position);

  /// The whole lines that have come, about a mebibyte at most; nothing if there are none. A file
  /// that was truncated is read from its start.
  Result<std::optional<store::Batch>> next_batch(FollowTools& tools, LastLine last_line);

  /// A batch that makes the store forget the file.
  store::Batch farewell() const;

  void committed() noexcept;
  void dropped() noexcept;

  const FileId& id() const noexcept { return id_; }
  const std::string& path() const noexcept { return path_; }
  std::uint64_t offset() const noexcept { return offset_; }

 private:
  FollowedFile(int descriptor, FileId id, std::string path);

  Result<std::size_t> read_at(std::uint64_t offset, char* into, std::size_t length) const;
  bool holds_tail(std::string_view read) const noexcept;
  void start_over();
  Result<std::optional<store::Batch>> batch_of(FollowTools& tools, char* fresh, std::size_t length);
  Result<std::optional<store::Batch>> overlong_batch(FollowTools& tools, LastLine last_line);
  Result<void> advance_to(std::uint64_t offset, std::string tail, store::Batch& batch);

  const int descriptor_;
  const FileId id_;
  const std::string path_;
  std::uint64_t offset_ = 0;          ///< all before it is committed
  std::string tail_;                  ///< the bytes before it, kTailMax at most
  std::uint64_t pending_offset_ = 0;  ///< what they will be when the batch is committed
  std::string pending_tail_;
  std::uint32_t head_length_ = 0;  ///< hashed so far; never beyond what was read
  store::Sha256 head_{};
  std::optional<OverlongLine> overlong_;  ///< begins at offset_
};

}  // namespace tally::ingest
