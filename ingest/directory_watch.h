#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "store/disk/file_system.h"

struct inotify_event;

namespace tally::ingest {

/// A file that went from one name to another, both in watched directories.
struct Rename {
  std::string from;  ///< paths as their directories were added
  std::string to;
};

/// What may have happened in watched directories since it was last asked.
struct DirectoryChanges {
  bool contents = false;        ///< a file was written to
  bool names = false;           ///< a file came, went, was renamed, or changed its mode
  std::vector<Rename> renames;  ///< in order
};

/// Tells by inotify that something happened in directories. Not thread-safe.
class DirectoryWatch {
 public:
  DirectoryWatch();
  ~DirectoryWatch();
  DirectoryWatch(const DirectoryWatch&) = delete;
  DirectoryWatch& operator=(const DirectoryWatch&) = delete;

  /// Watches the directory from now on; no harm if it is watched already. False if that cannot be:
  /// not there yet, a network file system, the user's limit on watches. Such directories have to be
  /// looked at now and then.
  bool add(const store::Path& directory);

  /// Readable when take_changes() has something to tell; -1 if nothing ever can.
  int descriptor() const noexcept { return descriptor_; }

  DirectoryChanges take_changes();

 private:
  void note(const inotify_event& event, const char* name, DirectoryChanges& changes);

  int descriptor_;
  std::map<int, store::Path> directories_;           ///< by watch
  std::map<std::uint32_t, std::string> moved_from_;  ///< first halves of renames, by cookie
  std::set<std::string> watched_;
};

}  // namespace tally::ingest
