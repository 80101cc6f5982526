#include "store/disk/inotify_reach.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <cstdint>

namespace tally::store {

bool inotify_is_blind(const Path& directory) {
  struct statfs status {};
  if (::statfs(directory.c_str(), &status) != 0) return true;
  switch (static_cast<std::uint32_t>(status.f_type)) {
    case NFS_SUPER_MAGIC:
    case FUSE_SUPER_MAGIC:
    case V9FS_MAGIC:
    case CEPH_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
      return true;
    default:
      return false;
  }
}

}  // namespace tally::store
