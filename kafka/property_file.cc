#include "kafka/property_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace tally::kafka {
namespace {

constexpr std::size_t kBytesMax = 64 * 1024;

struct Descriptor {
  int value = -1;
  explicit Descriptor(const std::string& path)
      : value(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

Error unreadable(const std::string& path) {
  return {Errc::invalid, errno_error(errno, path).context};
}

}  // namespace

Result<std::string> read_property_file(const std::string& path) {
  const Descriptor file(path);
  struct stat status {};
  if (file.value < 0 || ::fstat(file.value, &status) != 0) return unreadable(path);
  if ((status.st_mode & S_IRWXO) != 0) {
    return Error{Errc::invalid, path + " is open to others: chmod o= " + path};
  }
  std::string text;
  char bytes[4096];
  while (true) {
    const ssize_t got = ::read(file.value, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path);
    if (got == 0) break;
    text.append(bytes, static_cast<std::size_t>(got));
    if (text.size() > kBytesMax) return Error{Errc::invalid, path + " has more than 64 KiB"};
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace tally::kafka
