#include "ingest/unreadable_file.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace tally::ingest {
namespace {

constexpr std::size_t kRecordBytes = 4096;

std::string user_name(uid_t user) {
  std::array<char, kRecordBytes> buffer{};
  passwd record{};
  passwd* found = nullptr;
  ::getpwuid_r(user, &record, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(user);
}

std::string group_name(gid_t group_id) {
  std::array<char, kRecordBytes> buffer{};
  group record{};
  group* found = nullptr;
  ::getgrgid_r(group_id, &record, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->gr_name : std::to_string(group_id);
}

std::string octal(mode_t mode) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
  return text.data();
}

/// The first directory on the way to `path` that this process may not pass; empty if there is none.
store::Path barred_directory(const store::Path& path) {
  store::Path way;
  for (const store::Path& step : store::Path(path).parent_path()) {
    way /= step;
    if (::access(way.c_str(), X_OK) != 0) return way;
  }
  return {};
}

}  // namespace

std::string explain_unreadable(const store::Path& path, uid_t reader) {
  const store::Path barred = barred_directory(path);
  const store::Path& obstacle = barred.empty() ? path : barred;
  const std::string user = user_name(reader);
  struct stat status {};
  if (::stat(obstacle.c_str(), &status) != 0) {
    return path.string() + " cannot be read by " + user + ": " + obstacle.string() +
           " cannot even be looked at; let the user pass its directory";
  }
  const std::string group_of_file = group_name(status.st_gid);
  std::string text = path.string() + " cannot be read by " + user + ": " + obstacle.string() +
                     " belongs to " + user_name(status.st_uid) + ", group " + group_of_file +
                     ", mode " + octal(status.st_mode) + "; try: setfacl -m u:" + user + ':' +
                     (barred.empty() ? "r " : "x ") + obstacle.string();
  const mode_t group_bit = barred.empty() ? S_IRGRP : S_IXGRP;
  if ((status.st_mode & group_bit) != 0)
    text += "  (or: usermod -aG " + group_of_file + ' ' + user + ')';
  return text;
}

}  // namespace tally::ingest
