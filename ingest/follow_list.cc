#include "ingest/follow_list.h"

#include <fnmatch.h>
#include <glob.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "ingest/unreadable_file.h"

namespace tally::ingest {
namespace {

store::Path directory_of(const std::string& path) {
  const store::Path directory = store::Path(path).parent_path();
  return directory.empty() ? store::Path(".") : directory;
}

/// The entry of the directory that is that file; empty if there is none.
store::Path find_by_id(const store::Path& directory, const FileId& id) {
  std::error_code failed;
  std::filesystem::directory_iterator entry(directory, failed);
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    struct stat status {};
    if (::stat(entry->path().c_str(), &status) != 0) continue;
    if (id == FileId{status.st_dev, status.st_ino}) return entry->path();
  }
  return {};
}

bool has_wildcards(const std::string& pattern) {
  return pattern.find_first_of("*?[") != std::string::npos;
}

bool matches(const std::string& pattern, const std::string& path) {
  return ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0;
}

/// What the files are called now that lost the path by these renames.
std::vector<std::string> present_names(const std::string& path,
                                       const std::vector<Rename>& renames) {
  std::vector<std::string> names;
  for (const Rename& rename : renames) {
    std::ranges::replace(names, rename.from, rename.to);
    if (rename.from == path) names.push_back(rename.to);
  }
  return names;
}

/// So that a restart in another directory knows the files again.
std::vector<std::string> absolute(std::vector<std::string> patterns) {
  for (std::string& pattern : patterns) {
    std::error_code failed;
    const store::Path path = std::filesystem::absolute(pattern, failed);
    if (!failed) pattern = path.lexically_normal().string();
  }
  return patterns;
}

}  // namespace

FollowList::FollowList(std::vector<std::string> patterns,
                       const std::vector<store::SourceCheckpoint>& checkpoints)
    : patterns_(absolute(std::move(patterns))) {
  for (const store::SourceCheckpoint& checkpoint : checkpoints) {
    const auto path = path_of_source(checkpoint.source);
    const auto position = decode_file_position(checkpoint.state);
    if (path && position) known_.push_back({*path, *position});
  }
}

void FollowList::discover(const std::vector<Rename>& renames, DirectoryWatch& watch,
                          TimePoint now) {
  for (Followed& followed : followed_) {
    followed.wanted = false;
    for (auto& task : followed.tasks) task->set_kept(false);
  }
  const std::size_t before = followed_.size();
  for (const std::string& pattern : patterns_) {
    watch_directory(watch, pattern);
    expand(pattern);
    for (const Rename& rename : renames) {
      if (matches(pattern, rename.from)) followed_path(rename.from);
    }
  }
  for (std::size_t i = 0; i < followed_.size(); ++i) {
    if (i >= before) {
      watch_directory(watch, followed_[i].path);
      find_rotated(followed_[i], now);
    }
    take_up_renamed(followed_[i], renames, now);
    look_at(followed_[i], now);
  }
  remove_done();
}

void FollowList::expand(const std::string& pattern) {
  if (!has_wildcards(pattern)) {
    followed_path(pattern).wanted = true;
    return;
  }
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      followed_path(found.gl_pathv[i]).wanted = true;
    }
  }
  ::globfree(&found);
  // Rotated before a restart, and no new file with that name yet.
  for (const Known& known : known_) {
    if (matches(pattern, known.path)) followed_path(known.path);
  }
}

FollowList::Followed& FollowList::followed_path(const std::string& path) {
  const auto found = std::ranges::find(followed_, path, &Followed::path);
  if (found != followed_.end()) return *found;
  followed_.push_back({});
  followed_.back().path = path;
  return followed_.back();
}

void FollowList::watch_directory(DirectoryWatch& watch, const std::string& path) {
  const store::Path directory = directory_of(path);
  if (watch.add(directory)) {
    unwatched_.erase(directory);
  } else if (unwatched_.insert(directory).second) {
    spdlog::info(
        "{} cannot be watched (not there, not local, or too many watches): it is looked at"
        " again and again",
        directory.string());
  }
}

/// Files that had this path when the store was last open, and have another now: they are read to
/// their end before the one that has it.
void FollowList::find_rotated(Followed& followed, TimePoint now) {
  struct stat status {};
  const bool there = ::stat(followed.path.c_str(), &status) == 0;
  // Where the path cannot be looked at, nothing is known to be gone.
  if (!there && errno != ENOENT && errno != ENOTDIR) return;
  const FileId present{status.st_dev, status.st_ino};
  std::vector<Known> rotated;
  std::erase_if(known_, [&](const Known& known) {
    const bool is_rotated = known.path == followed.path && !(there && known.position.id == present);
    if (is_rotated && task_of(known.position.id) == nullptr) rotated.push_back(known);
    return is_rotated;
  });
  for (const Known& known : rotated) {
    if (auto task = take_up_rotated(known)) {
      task->set_rotated(true, now);
      followed.tasks.push_back(std::move(task));
    }
  }
}

std::unique_ptr<FollowTask> FollowList::take_up_rotated(const Known& known) {
  const store::Path sibling = find_by_id(directory_of(known.path), known.position.id);
  if (!sibling.empty()) {
    auto file = FollowedFile::open(sibling, known.path);
    if (!file) {
      // Its checkpoint stays, for a restart after it was made readable.
      spdlog::error("{}", explain_unreadable(sibling, ::geteuid()));
      return nullptr;
    }
    if (file.value()->resume(known.position)) {
      spdlog::info("{}: going on with the rotated file {} from byte {}", known.path,
                   sibling.string(), known.position.offset);
      return std::make_unique<FollowTask>(std::move(file).value());
    }
  }
  spdlog::warn(
      "{}: the file that was read up to byte {} is gone, and with it what may have been"
      " written to it after that",
      known.path, known.position.offset);
  forgotten_.push_back({checkpoint_source(known.position.id, known.path), {}});
  return nullptr;
}

/// Files that had the path between two looks, and were never seen there.
void FollowList::take_up_renamed(Followed& followed, const std::vector<Rename>& renames,
                                 TimePoint now) {
  for (const std::string& name : present_names(followed.path, renames)) {
    auto file = FollowedFile::open(name, followed.path);
    // One that is done is known as long as its rename may still be in the queue.
    if (!file || task_of(file.value()->id(), Done::too) != nullptr) continue;
    resume(*file.value());
    spdlog::info("{}: reading the rotated file {} from byte {}", followed.path, name,
                 file.value()->offset());
    followed.tasks.push_back(std::make_unique<FollowTask>(std::move(file).value()));
    followed.tasks.back()->set_rotated(true, now);
  }
}

void FollowList::look_at(Followed& followed, TimePoint now) {
  struct stat status {};
  const bool there = ::stat(followed.path.c_str(), &status) == 0;
  const int why = there ? 0 : errno;
  const FileId id{status.st_dev, status.st_ino};
  for (auto& task : followed.tasks) {
    const bool has_path = there && followed.wanted && task->file().id() == id;
    if (task->is_rotated() == has_path) {
      spdlog::info("{}: the file {}", followed.path,
                   has_path ? "has its name back" : "was rotated");
      task->set_rotated(!has_path, now);
    }
  }
  if (why == EACCES) return report_unreadable(followed, errno_error(why, followed.path));
  if (!there || !followed.wanted) {
    followed.unreadable = false;
    return;
  }
  if (FollowTask* task = task_of(id)) {
    task->set_kept(task->is_rotated());
    return;
  }
  take_up(followed);
}

void FollowList::take_up(Followed& followed) {
  auto opened = FollowedFile::open(followed.path, followed.path);
  if (!opened) return report_unreadable(followed, opened.error());
  followed.unreadable = false;
  std::unique_ptr<FollowedFile> file = std::move(opened).value();
  if (task_of(file->id()) != nullptr) return;  // It was renamed since it was looked at.
  resume(*file);
  spdlog::info("{}: following it from byte {}", followed.path, file->offset());
  followed.tasks.push_back(std::make_unique<FollowTask>(std::move(file)));
}

/// Where the store left it, if it knows the file.
void FollowList::resume(FollowedFile& file) {
  const auto known =
      std::ranges::find_if(known_, [&](const Known& it) { return it.position.id == file.id(); });
  if (known == known_.end()) return;
  if (!file.resume(known->position)) {
    spdlog::info("{}: not the bytes that were read before", file.path());
  }
  known_.erase(known);
}

void FollowList::report_unreadable(Followed& followed, const Error& error) {
  if (followed.unreadable) return;
  followed.unreadable = true;
  const bool denied = ::access(followed.path.c_str(), R_OK) != 0 && errno == EACCES;
  spdlog::error("{}; trying on",
                denied ? explain_unreadable(followed.path, ::geteuid()) : to_string(error));
}

FollowTask* FollowList::task_of(const FileId& id, Done done) noexcept {
  for (Followed& followed : followed_) {
    for (auto& task : followed.tasks) {
      if (task->file().id() == id && (done == Done::too || !task->is_done())) return task.get();
    }
  }
  return nullptr;
}

void FollowList::remove_done() {
  for (Followed& followed : followed_) {
    std::erase_if(followed.tasks, [](const auto& task) { return task->is_done(); });
  }
  std::erase_if(followed_, [](const Followed& it) { return !it.wanted && it.tasks.empty(); });
}

bool FollowList::needs_polling() const noexcept {
  return !unwatched_.empty() || unreadable_count() > 0 ||
         std::ranges::any_of(followed_, [](const Followed& followed) {
           return std::ranges::any_of(followed.tasks,
                                      [](const auto& task) { return task->is_leaving(); });
         });
}

std::vector<store::SourceCheckpoint> FollowList::take_forgotten() {
  return std::exchange(forgotten_, {});
}

std::uint64_t FollowList::file_count() const noexcept {
  std::uint64_t count = 0;
  for (const Followed& followed : followed_) count += followed.tasks.size();
  return count;
}

std::uint64_t FollowList::unreadable_count() const noexcept {
  return static_cast<std::uint64_t>(std::ranges::count(followed_, true, &Followed::unreadable));
}

}  // namespace tally::ingest
