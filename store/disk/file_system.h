#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"

namespace tally::store {

using Path = std::filesystem::path;

/// Bytes of a file that a lock is for; they need not exist.
struct LockRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;  ///< 0: all from `first` on
};

enum class LockKind : std::uint8_t {
  shared,    ///< many may have it at once; needs a file that is open for reading
  exclusive  ///< keeps all others out; needs a file that is open for writing
};

/// An open file. Not thread-safe; closed by its destructor. Every error names the path.
class File {
 public:
  virtual ~File() = default;

  /// Fills `into` from `offset`; fewer bytes only at the end of the file. Returns the bytes read.
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) = 0;

  /// Writes all parts one after the other from `offset`; the file grows as needed, and a gap that
  /// this leaves reads as zeros. After an error any part of the bytes may have been written.
  virtual Result<void> write_at(std::uint64_t offset, std::span<const std::string_view> parts) = 0;

  /// fdatasync: data, and the metadata needed to read it back, but not the file's name in its
  /// directory. Never to be retried after a failure: the system then takes pages for clean that
  /// never reached the disk, and a second call would succeed without them.
  virtual Result<void> sync_data() = 0;

  virtual Result<void> truncate(std::uint64_t bytes) = 0;
  virtual Result<std::uint64_t> size() = 0;

  /// Drops clean cached pages, so that the next read sees what the disk holds; a hint.
  virtual void drop_cache() = 0;

  /// An exclusive lock on the whole file that belongs to this open file (Linux OFD lock): false if
  /// somebody else has it, in this process or another. Given back when the file closes. Needs a
  /// file that is open for writing.
  virtual Result<bool> try_lock() = 0;

  /// Whether somebody else holds the lock; takes nothing.
  virtual Result<bool> locked_by_other() = 0;

  /// A lock on a range, like try_lock: false if another open file has one on a part of it that does
  /// not go with this one. What this open file had locked of the range becomes `kind`.
  virtual Result<bool> try_lock_range(const LockRange& range, LockKind kind) = 0;

  /// Gives back what this open file has locked of the range; no error if that is nothing.
  virtual Result<void> unlock_range(const LockRange& range) = 0;
};

/// How full the file system is that a directory is in, as an ordinary user finds it: what is kept
/// for root alone counts as not there.
struct DiskSpace {
  std::uint64_t total = 0;      ///< in bytes; 0: unknown, as some network file systems say it
  std::uint64_t available = 0;  ///< of these, not used

  /// The used share of it, in percent, once `more` bytes have been written; 0 where it is unknown.
  double percent_used(std::uint64_t more) const noexcept {
    if (total == 0) return 0;
    const double used = static_cast<double>(total) - static_cast<double>(available);
    return 100 * (used + static_cast<double>(more)) / static_cast<double>(total);
  }
};

enum class OpenMode {
  read,           ///< must exist
  write,          ///< read and write; must exist
  create,         ///< read and write; must not exist; mode 0600
  open_or_create  ///< read and write; mode 0600
};

/// The one seam between the store and the operating system, so that tests can fail, cut or reorder
/// every single operation. Safe from any thread; must outlive the files that it opened.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::unique_ptr<File>> open(const Path& path, OpenMode mode) = 0;

  /// Gives a file another name in the same directory; a file that had this name is replaced. Both
  /// happen together or not at all, at a crash too.
  virtual Result<void> rename(const Path& from, const Path& to) = 0;

  /// Removes a file; Errc::not_found if there is none.
  virtual Result<void> remove(const Path& path) = 0;

  /// Creates the directory (mode 0700) and its missing parents; no error if it is there. On return
  /// its name in its parent is durable, and so are the names of the parents that had to be made.
  virtual Result<void> create_directories(const Path& path) = 0;

  /// Makes creations, renames and removals in `directory` durable.
  virtual Result<void> sync_directory(const Path& directory) = 0;

  /// Names (not paths) of the entries, sorted.
  virtual Result<std::vector<std::string>> list(const Path& directory) = 0;

  virtual Result<bool> exists(const Path& path) = 0;

  /// Of the file system that `directory` is in. Cheap: the system has the figures at hand.
  virtual Result<DiskSpace> space(const Path& directory) = 0;
};

}  // namespace tally::store
