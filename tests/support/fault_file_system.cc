#include "tests/support/fault_file_system.h"

#include <cerrno>
#include <utility>

#include "model/check.h"

namespace tally::tests {
namespace {

using store::LockKind;
using store::LockRange;
using store::OpenMode;
using store::Path;

Error refusal(int errno_value, const Operation& operation) {
  return errno_error(errno_value, to_string(operation));
}

Error injected(FaultKind kind, const Operation& operation) {
  switch (kind) {
    case FaultKind::no_space:
      return refusal(ENOSPC, operation);
    case FaultKind::read_only:
      return refusal(EROFS, operation);
    case FaultKind::descriptors:
      return refusal(EMFILE, operation);
    default:
      return refusal(EIO, operation);
  }
}

/// From the root, without "..", "." and a slash at its end.
Path normal(const Path& path) {
  const Path whole = (Path("/") / path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

std::string join(std::span<const std::string_view> parts) {
  std::string bytes;
  for (const std::string_view part : parts) bytes += part;
  return bytes;
}

}  // namespace

/// One opening of a file: holds its lock, and is dead after a crash or kill.
class FaultFileSystem::OpenFile final : public store::File {
 public:
  OpenFile(FaultFileSystem& files, Path path, std::shared_ptr<MemoryFile> file, bool writable)
      : files_(files),
        path_(std::move(path)),
        file_(std::move(file)),
        writable_(writable),
        life_(files.life_),
        number_(++files.files_opened_) {}

  ~OpenFile() override {
    const std::scoped_lock guard(files_.mutex_);
    files_.locks_.unlock(file_.get(), number_, {});
  }

  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) override {
    const std::scoped_lock guard(files_.mutex_);
    TALLY_TRY(begin(OperationKind::read));
    return file_->read(offset, into);
  }

  Result<void> write_at(std::uint64_t offset, std::span<const std::string_view> parts) override {
    const std::scoped_lock guard(files_.mutex_);
    const std::string bytes = join(parts);
    const bool grows = offset + bytes.size() > file_->size();
    const Operation operation{OperationKind::write, path_, grows};
    TALLY_TRY(alive(operation));
    if (!writable_) return refusal(EBADF, operation);
    const std::optional<FaultKind> fault = files_.plan_.next(operation);
    if (fault == FaultKind::half_write) {
      file_->write(offset, std::string_view(bytes).substr(0, bytes.size() / 2));
    }
    if (fault) return injected(*fault, operation);
    file_->write(offset, bytes);
    return ok();
  }

  Result<void> sync_data() override {
    const std::scoped_lock guard(files_.mutex_);
    const Operation operation{OperationKind::sync_data, path_, file_->grown()};
    TALLY_TRY(alive(operation));
    if (const std::optional<FaultKind> fault = files_.plan_.next(operation)) {
      // At a crash nobody comes to see clean pages: which of them the disk has got is still open.
      if (*fault != FaultKind::crash) file_->fail_sync();
      return injected(*fault, operation);
    }
    file_->sync();
    return ok();
  }

  Result<void> truncate(std::uint64_t bytes) override {
    const std::scoped_lock guard(files_.mutex_);
    TALLY_TRY(begin(OperationKind::truncate));
    if (!writable_) return refusal(EINVAL, {OperationKind::truncate, path_});
    file_->truncate(bytes);
    return ok();
  }

  Result<std::uint64_t> size() override {
    const std::scoped_lock guard(files_.mutex_);
    TALLY_TRY(begin(OperationKind::size));
    return file_->size();
  }

  void drop_cache() override {
    const std::scoped_lock guard(files_.mutex_);
    if (begin(OperationKind::drop_cache)) file_->drop_cache();
  }

  Result<bool> try_lock() override {
    const std::scoped_lock guard(files_.mutex_);
    return lock(OperationKind::try_lock, {}, LockKind::exclusive);
  }

  Result<bool> locked_by_other() override {
    const std::scoped_lock guard(files_.mutex_);
    TALLY_TRY(begin(OperationKind::locked_by_other));
    return files_.locks_.locked_by_other(file_.get(), number_);
  }

  Result<bool> try_lock_range(const LockRange& range, LockKind kind) override {
    const std::scoped_lock guard(files_.mutex_);
    return lock(OperationKind::try_lock_range, range, kind);
  }

  Result<void> unlock_range(const LockRange& range) override {
    const std::scoped_lock guard(files_.mutex_);
    TALLY_TRY(begin(OperationKind::unlock_range));
    files_.locks_.unlock(file_.get(), number_, range);
    return ok();
  }

 private:
  Result<void> alive(const Operation& operation) const {
    if (life_ != files_.life_) return refusal(EIO, operation);
    return ok();
  }

  Result<bool> lock(OperationKind operation, const LockRange& range, LockKind kind) {
    TALLY_TRY(begin(operation));
    if (!writable_ && kind == LockKind::exclusive) return refusal(EBADF, {operation, path_});
    return files_.locks_.try_lock(file_.get(), number_, range, kind);
  }

  Result<void> begin(OperationKind kind) {
    TALLY_TRY(alive({kind, path_}));
    return files_.begin({kind, path_});
  }

  FaultFileSystem& files_;
  const Path path_;
  const std::shared_ptr<MemoryFile> file_;
  const bool writable_;
  const std::uint64_t life_;
  const std::uint64_t number_;
};

FaultFileSystem::FaultFileSystem() : root_(std::make_shared<MemoryDirectory>()) {}

Result<std::unique_ptr<store::File>> FaultFileSystem::open(const Path& path, OpenMode mode) {
  const std::scoped_lock guard(mutex_);
  const Location location = locate(path);
  const MemoryEntry entry = location.find();
  const bool may_create = mode == OpenMode::create || mode == OpenMode::open_or_create;
  const bool creates = may_create && !entry.exists();
  const Operation operation{creates ? OperationKind::create : OperationKind::open, path, creates,
                            mode != OpenMode::read};
  TALLY_TRY(begin(operation));
  if (entry.exists() && mode == OpenMode::create) return refusal(EEXIST, operation);
  if (entry.directory) return refusal(EISDIR, operation);
  if (!location.directory || (!entry.exists() && !creates)) return refusal(ENOENT, operation);
  std::shared_ptr<MemoryFile> file = entry.file;
  if (creates) {
    file = std::make_shared<MemoryFile>();
    location.directory->add(location.name, {file, nullptr});
  }
  return std::unique_ptr<store::File>(
      std::make_unique<OpenFile>(*this, path, std::move(file), mode != OpenMode::read));
}

Result<void> FaultFileSystem::rename(const Path& from, const Path& to) {
  TALLY_CHECK(from.parent_path() == to.parent_path());
  const std::scoped_lock guard(mutex_);
  const Location location = locate(from);
  const Operation operation{OperationKind::rename, to, true};
  TALLY_TRY(begin(operation));
  if (!location.find().file) return refusal(ENOENT, operation);
  const std::string name = locate(to).name;
  if (location.directory->find(name).directory) return refusal(EISDIR, operation);
  if (name != location.name) location.directory->rename(location.name, name);
  return ok();
}

Result<void> FaultFileSystem::remove(const Path& path) {
  const std::scoped_lock guard(mutex_);
  const Location location = locate(path);
  const Operation operation{OperationKind::remove, path};
  TALLY_TRY(begin(operation));
  const MemoryEntry entry = location.find();
  if (entry.directory) return refusal(EISDIR, operation);
  if (!entry.file) return refusal(ENOENT, operation);
  location.directory->remove(location.name);
  return ok();
}

Result<void> FaultFileSystem::create_directories(const Path& path) {
  const std::scoped_lock guard(mutex_);
  return create_directory(normal(path));
}

Result<void> FaultFileSystem::sync_directory(const Path& directory) {
  const std::scoped_lock guard(mutex_);
  return sync_names(directory);
}

Result<std::vector<std::string>> FaultFileSystem::list(const Path& directory) {
  const std::scoped_lock guard(mutex_);
  const Operation operation{OperationKind::list, directory};
  TALLY_TRY(begin(operation));
  const auto found = find_directory(normal(directory));
  if (!found) return refusal(ENOENT, operation);
  std::vector<std::string> names;
  for (const auto& [name, entry] : found->entries()) names.push_back(name);
  return names;
}

Result<bool> FaultFileSystem::exists(const Path& path) {
  const std::scoped_lock guard(mutex_);
  TALLY_TRY(begin({OperationKind::exists, path}));
  return normal(path) == "/" || locate(path).find().exists();
}

Result<store::DiskSpace> FaultFileSystem::space(const Path& directory) {
  const std::scoped_lock guard(mutex_);
  TALLY_TRY(begin({OperationKind::space, directory}));
  return space_;
}

void FaultFileSystem::set_space(const store::DiskSpace& space) {
  const std::scoped_lock guard(mutex_);
  space_ = space;
}

void FaultFileSystem::set_fault(std::optional<Fault> fault) {
  const std::scoped_lock guard(mutex_);
  plan_.set(std::move(fault));
}

void FaultFileSystem::crash(std::mt19937_64& random) {
  const std::scoped_lock guard(mutex_);
  root_ = root_->after_crash(random);
  restart();
}

std::unique_ptr<FaultFileSystem> FaultFileSystem::after_crash(std::mt19937_64& random) const {
  const std::scoped_lock guard(mutex_);
  auto found = std::make_unique<FaultFileSystem>();
  found->root_ = root_->after_crash(random);
  return found;
}

void FaultFileSystem::kill() {
  const std::scoped_lock guard(mutex_);
  restart();
}

bool FaultFileSystem::down() const {
  const std::scoped_lock guard(mutex_);
  return plan_.down();
}

std::uint64_t FaultFileSystem::operations() const {
  const std::scoped_lock guard(mutex_);
  return plan_.trace().size();
}

std::vector<Operation> FaultFileSystem::trace() const {
  const std::scoped_lock guard(mutex_);
  return plan_.trace();
}

MemoryEntry FaultFileSystem::Location::find() const {
  return directory ? directory->find(name) : MemoryEntry{};
}

FaultFileSystem::Location FaultFileSystem::locate(const Path& path) const {
  const Path whole = normal(path);
  return {find_directory(whole.parent_path()), whole.filename().string()};
}

/// `path` is normal. Null if it is not there or not a directory.
std::shared_ptr<MemoryDirectory> FaultFileSystem::find_directory(const Path& path) const {
  std::shared_ptr<MemoryDirectory> directory = root_;
  for (const Path& name : path.relative_path()) {
    if (!directory) return nullptr;
    directory = directory->find(name.string()).directory;
  }
  return directory;
}

Result<void> FaultFileSystem::begin(const Operation& operation) {
  if (const auto fault = plan_.next(operation)) return injected(*fault, operation);
  return ok();
}

/// `path` is normal. One step down the same way that PosixFileSystem goes.
Result<void> FaultFileSystem::create_directory(const Path& path) {
  const Path parent = path.parent_path();
  if (!find_directory(path)) {
    if (!find_directory(parent)) {
      TALLY_TRY(create_directory(parent));
    }
    const Operation operation{OperationKind::create_directory, path, true};
    TALLY_TRY(begin(operation));
    const Location location = locate(path);
    if (location.find().file) return refusal(ENOTDIR, operation);
    location.directory->add(location.name, {nullptr, std::make_shared<MemoryDirectory>()});
  }
  return sync_names(parent);
}

Result<void> FaultFileSystem::sync_names(const Path& directory) {
  const Operation operation{OperationKind::sync_directory, directory};
  TALLY_TRY(begin(operation));
  const auto found = find_directory(normal(directory));
  if (!found) return refusal(ENOENT, operation);
  found->sync();
  return ok();
}

void FaultFileSystem::restart() {
  ++life_;
  locks_.clear();
  plan_.recover();
}

}  // namespace tally::tests
