#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/commit_header.h"
#include "store/journal/file_header.h"

namespace tally::store {

/// A commit as it stands in a journal file.
struct Commit {
  std::uint64_t offset = 0;       ///< of its header
  std::uint64_t data_offset = 0;  ///< of its first data frame
  std::uint64_t end = 0;          ///< one past its last byte
  CommitHeader header;
  Sha256 core_hash{};
  std::vector<std::uint64_t> frame_offsets;  ///< in the file, one per data frame
};

/// Where the commits of a file stop, and why.
struct JournalTail {
  enum class State : std::uint8_t {
    clean,  ///< the file ends there, or a rest follows that reaches up to its end
    bad,    ///< what is there is no whole commit: torn, damaged, or being written at this moment
  };
  State state = State::clean;
  std::uint64_t offset = 0;
  std::string reason;  ///< for people; of a bad one
};

struct ScanOptions {
  bool check_frames = true;   ///< else only headers are; read_frame checks what it reads
  bool keep_refused = false;  ///< unpack the refused events of each commit
  /// A good header makes a commit, though its data frames are damaged or cut short: for who takes
  /// what there is. Commit::end may then lie behind the end of the file.
  bool partial_commits = false;
};

/// Walks the commits of one journal file, which may be written meanwhile. It holds one piece of the
/// file (64 KiB) and one header; data frames are checked piece by piece. Whether a bad place is
/// torn or corrupt is not decided here. Not thread-safe; the file must outlive it.
class JournalScan {
 public:
  /// Errc::corruption: the file's header is damaged or missing; Errc::unsupported: a newer version
  /// wrote it. `path` is for messages.
  static Result<JournalScan> open(File& file, Path path, ScanOptions options = {});

  /// The same of a file whose header is lost, with the salt that it named or another one with the
  /// same seed (store/salvage/lost_salt.h). Of header() only the salt is known; next() does not
  /// know where commits begin before resync() has found one.
  static JournalScan without_header(File& file, Path path, std::uint64_t salt, ScanOptions options);

  const FileHeader& header() const noexcept { return header_; }

  /// Where next() goes on.
  std::uint64_t offset() const noexcept { return offset_; }

  /// The next commit, or nothing at the tail. Each call looks at the file anew, so that a commit
  /// that has been written since is found. A commit counts only if it continues its predecessor:
  /// sequence and hash of the core. Errc::unsupported if a newer version wrote it.
  Result<std::optional<Commit>> next();

  /// Why the last next() gave nothing.
  const JournalTail& tail() const noexcept { return tail_; }

  /// At a clean tail: whether nothing but zeros is left up to the file's end. Reads all of it.
  Result<bool> rest_is_zero();

  /// The first valid commit that begins within [from, to), frames checked unless the options take
  /// partial ones; next() goes on behind it. Nothing if there is none: next() then goes on where it
  /// would have.
  Result<std::optional<Commit>> resync(std::uint64_t from, std::uint64_t to);

  /// Makes next() go on at `offset`, where a commit begins that was seen before, whatever sequence
  /// it has.
  void seek(std::uint64_t offset) noexcept;

  /// Makes next() read the file anew where it stands, instead of what it holds of it.
  void drop_held() noexcept { piece_.clear(); }

  /// Changes ScanOptions::check_frames for the commits to come.
  void set_check_frames(bool check) noexcept { options_.check_frames = check; }

  /// The stored bytes of a commit's data frame, checked against its CRC; valid until the next call
  /// of read_frame.
  Result<std::string_view> read_frame(const Commit& commit, std::size_t frame);

 private:
  /// What a commit has to continue; unknown after seek().
  struct Predecessor {
    Sequence next{};
    Sha256 core_hash{};
  };

  JournalScan(File& file, Path path, ScanOptions options);

  Result<void> read_file_header();
  Result<std::optional<Commit>> attempt();
  Result<bool> at_clean_end();
  Result<Commit> commit_at(std::uint64_t offset, bool with_frames);
  Result<void> check_frames(const Commit& commit);
  Result<void> check_predecessor(const Commit& commit) const;
  bool precedes(const Commit& commit) const noexcept;
  void advance_past(const Commit& commit);
  Result<std::optional<std::uint64_t>> find_commit_magic(std::uint64_t from, std::uint64_t to);

  /// Forgets what was read of the file, and looks how long it is now.
  Result<void> refresh();
  /// What is held of the file from `offset`, reading on if need be: some bytes at least, fewer only
  /// at the file's end. Valid until the next call.
  Result<std::string_view> window(std::uint64_t offset);
  /// A whole header, in the window if it fits, else in `storage`.
  Result<std::string_view> read_header(std::uint64_t offset, std::size_t bytes,
                                       std::string& storage);

  Error located(std::uint64_t offset, const Error& error) const;
  Error corruption(std::uint64_t offset, std::string_view what) const;

  // Constant after open().
  File* file_;
  Path path_;
  ScanOptions options_;
  FileHeader header_;
  std::uint32_t seed_ = 0;  ///< of the data frames' CRCs

  CommitDecoder decoder_;
  std::uint64_t offset_ = 0;
  std::optional<Predecessor> predecessor_;
  JournalTail tail_;
  std::uint64_t file_bytes_ = 0;  ///< as of the last refresh()
  std::uint64_t examined_ = 0;    ///< bytes that were checked; bounds what resync() takes

  std::string piece_;  ///< bytes of the file from piece_offset_ on, as they were when read
  std::uint64_t piece_offset_ = 0;
  std::string frame_;  ///< what read_frame gave last
};

}  // namespace tally::store
