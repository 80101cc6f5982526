#include "store/disk/posix_file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "model/check.h"

namespace tally::store {
namespace {

constexpr std::size_t kVectorsPerCall = 1024;  // Linux takes no more in one pwritev (UIO_MAXIOV).
constexpr mode_t kFileMode = 0600;
constexpr mode_t kDirectoryMode = 0700;

Error failure(int errno_value, std::string_view verb, const Path& path) {
  return errno_error(errno_value, std::string(verb) + " " + path.string());
}

Error failure_at(int errno_value, std::string_view verb, const Path& path, std::uint64_t offset) {
  return errno_error(errno_value,
                     std::string(verb) + " " + path.string() + " at " + std::to_string(offset));
}

/// Repeats a system call as long as a signal interrupts it.
template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

/// A file descriptor, closed with the object. What close() says is of no interest: whoever needs
/// the data to be there has synced it.
class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  int get() const noexcept { return fd_; }
  bool valid() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

/// Up to kVectorsPerCall parts of a longer list that still have to be written.
class PendingParts {
 public:
  explicit PendingParts(std::span<const std::string_view> parts) : parts_(parts) { refill(); }

  bool done() const noexcept { return count_ == 0; }
  const iovec* vectors() const noexcept { return vectors_.data() + first_; }
  int count() const noexcept { return static_cast<int>(count_); }

  void advance(std::size_t bytes) {
    while (count_ > 0 && bytes >= vectors_[first_].iov_len) {
      bytes -= vectors_[first_].iov_len;
      ++first_;
      --count_;
    }
    if (count_ == 0) return refill();
    iovec& vector = vectors_[first_];
    vector.iov_base = static_cast<char*>(vector.iov_base) + bytes;
    vector.iov_len -= bytes;
  }

 private:
  void refill() {
    first_ = 0;
    for (; !parts_.empty() && count_ < vectors_.size(); parts_ = parts_.subspan(1)) {
      const std::string_view part = parts_.front();
      if (part.empty()) continue;
      vectors_[count_++] = {const_cast<char*>(part.data()), part.size()};
    }
  }

  std::span<const std::string_view> parts_;  ///< not yet in vectors_
  std::array<iovec, kVectorsPerCall> vectors_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

/// A length of 0 means the same to fcntl as to LockRange. Numbers past what off_t holds come out
/// negative, which the system refuses.
struct flock lock_of(short type, const LockRange& range) noexcept {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(range.first);
  lock.l_len = static_cast<off_t>(range.count);
  return lock;
}

class PosixFile final : public File {
 public:
  PosixFile(Descriptor descriptor, Path path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const auto count = uninterrupted([&] {
        return ::pread(fd(), into.data() + done, into.size() - done,
                       static_cast<off_t>(offset + done));
      });
      if (count < 0) return failure_at(errno, "read", path_, offset + done);
      if (count == 0) break;
      done += static_cast<std::size_t>(count);
    }
    return done;
  }

  Result<void> write_at(std::uint64_t offset, std::span<const std::string_view> parts) override {
    PendingParts pending(parts);
    while (!pending.done()) {
      const auto count = uninterrupted([&] {
        return ::pwritev(fd(), pending.vectors(), pending.count(), static_cast<off_t>(offset));
      });
      if (count < 0) return failure_at(errno, "write", path_, offset);
      if (count == 0) return failure_at(EIO, "write", path_, offset);
      offset += static_cast<std::uint64_t>(count);
      pending.advance(static_cast<std::size_t>(count));
    }
    return ok();
  }

  Result<void> sync_data() override {
    if (::fdatasync(fd()) != 0) return failure(errno, "sync", path_);
    return ok();
  }

  Result<void> truncate(std::uint64_t bytes) override {
    if (uninterrupted([&] { return ::ftruncate(fd(), static_cast<off_t>(bytes)); }) != 0) {
      return failure_at(errno, "truncate", path_, bytes);
    }
    return ok();
  }

  Result<std::uint64_t> size() override {
    struct stat status {};
    if (::fstat(fd(), &status) != 0) return failure(errno, "stat", path_);
    return static_cast<std::uint64_t>(status.st_size);
  }

  void drop_cache() override { ::posix_fadvise(fd(), 0, 0, POSIX_FADV_DONTNEED); }

  Result<bool> try_lock() override { return try_lock_range({}, LockKind::exclusive); }

  Result<bool> locked_by_other() override {
    struct flock lock = lock_of(F_WRLCK, {});
    if (::fcntl(fd(), F_OFD_GETLK, &lock) != 0) return failure(errno, "look at the lock of", path_);
    return lock.l_type != F_UNLCK;
  }

  Result<bool> try_lock_range(const LockRange& range, LockKind kind) override {
    struct flock lock = lock_of(kind == LockKind::shared ? F_RDLCK : F_WRLCK, range);
    if (::fcntl(fd(), F_OFD_SETLK, &lock) == 0) return true;
    if (errno == EAGAIN || errno == EACCES) return false;
    return failure(errno, "lock", path_);
  }

  Result<void> unlock_range(const LockRange& range) override {
    struct flock lock = lock_of(F_UNLCK, range);
    if (::fcntl(fd(), F_OFD_SETLK, &lock) != 0) return failure(errno, "unlock", path_);
    return ok();
  }

 private:
  int fd() const noexcept { return descriptor_.get(); }

  Descriptor descriptor_;
  Path path_;
};

int flags_of(OpenMode mode) noexcept {
  switch (mode) {
    case OpenMode::read:
      return O_RDONLY;
    case OpenMode::write:
      return O_RDWR;
    case OpenMode::create:
      return O_RDWR | O_CREAT | O_EXCL;
    case OpenMode::open_or_create:
      return O_RDWR | O_CREAT;
  }
  return O_RDONLY;
}

Descriptor open_descriptor(const Path& path, int flags) {
  return Descriptor(
      uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, kFileMode); }));
}

/// The directory that `path` is in; "." for a bare name.
Path parent_of(const Path& path) {
  Path parent = path.parent_path();
  return parent.empty() ? Path(".") : parent;
}

/// `path` without a slash at its end, which would hide its last component.
Path without_slash(const Path& path) { return path.has_filename() ? path : path.parent_path(); }

Result<bool> directory_exists(const Path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return S_ISDIR(status.st_mode);
  if (errno == ENOENT) return false;
  return failure(errno, "stat", path);
}

}  // namespace

Result<std::unique_ptr<File>> PosixFileSystem::open(const Path& path, OpenMode mode) {
  Descriptor descriptor = open_descriptor(path, flags_of(mode));
  if (!descriptor.valid()) return failure(errno, "open", path);
  return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(descriptor), path));
}

Result<void> PosixFileSystem::rename(const Path& from, const Path& to) {
  TALLY_CHECK(from.parent_path() == to.parent_path());
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return failure(errno, "rename " + from.string() + " to", to);
  }
  return ok();
}

Result<void> PosixFileSystem::remove(const Path& path) {
  if (::unlink(path.c_str()) != 0) return failure(errno, "remove", path);
  return ok();
}

Result<void> PosixFileSystem::create_directories(const Path& path) {
  const Path directory = without_slash(path);
  const Path parent = parent_of(directory);
  TALLY_TRY(const bool there, directory_exists(directory));
  if (!there) {
    TALLY_TRY(const bool parent_there, directory_exists(parent));
    if (!parent_there) {
      TALLY_TRY(create_directories(parent));
    }
    if (::mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
      return failure(errno, "create directory", directory);
    }
    TALLY_TRY(const bool made, directory_exists(directory));
    if (!made) return failure(ENOTDIR, "create directory", directory);
  }
  // Even if it was there: whoever made it may have died before this. A parent that may not be read
  // (and hence not be synced) belongs to an administrator, who made the directory.
  if (there && ::access(parent.c_str(), R_OK) != 0) return ok();
  return sync_directory(parent);
}

Result<void> PosixFileSystem::sync_directory(const Path& directory) {
  const Path path = directory.empty() ? Path(".") : directory;
  const Descriptor descriptor = open_descriptor(path, O_RDONLY | O_DIRECTORY);
  if (!descriptor.valid()) return failure(errno, "open directory", path);
  if (::fsync(descriptor.get()) != 0) return failure(errno, "sync directory", path);
  return ok();
}

Result<std::vector<std::string>> PosixFileSystem::list(const Path& directory) {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entry(directory, error);
  for (; !error && entry != std::filesystem::directory_iterator{}; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) return failure(error.value(), "list", directory);
  std::sort(names.begin(), names.end());
  return names;
}

Result<bool> PosixFileSystem::exists(const Path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return true;
  if (errno == ENOENT) return false;
  return failure(errno, "stat", path);
}

/// As df(1) does the sum: what root alone may use is neither used nor available.
Result<DiskSpace> PosixFileSystem::space(const Path& directory) {
  struct statvfs status {};
  const int failed = uninterrupted([&] { return ::statvfs(directory.c_str(), &status); });
  if (failed != 0) return failure(errno, "look at the space of", directory);
  const std::uint64_t used = status.f_blocks - status.f_bfree;
  return DiskSpace{(used + status.f_bavail) * status.f_frsize, status.f_bavail * status.f_frsize};
}

}  // namespace tally::store
