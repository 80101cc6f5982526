#include "bench/zero_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "bench/require.h"

namespace tally::bench {
namespace {

constexpr std::uint64_t kZerosPerWrite = 1024 * 1024;

}  // namespace

ZeroFile::ZeroFile(const std::filesystem::path& directory, std::uint64_t zeros)
    : path_(directory / "zeros") {
  fd_ = ::open(path_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_TRUNC, 0600);
  require(fd_ >= 0, "open " + path_.string());
  const std::string block(kZerosPerWrite, '\0');
  for (std::uint64_t offset = 0; offset < zeros;) {
    const std::uint64_t size = std::min<std::uint64_t>(zeros - offset, block.size());
    require(
        ::pwrite(fd_, block.data(), size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size),
        "write " + path_.string());
    offset += size;
  }
  require(::fsync(fd_) == 0, "fsync");
}

ZeroFile::~ZeroFile() {
  ::close(fd_);
  ::unlink(path_.c_str());
}

void ZeroFile::append_and_sync(std::string_view bytes) {
  require(::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset_)) ==
              static_cast<ssize_t>(bytes.size()),
          "write " + path_.string());
  require(::fdatasync(fd_) == 0, "fdatasync");
  offset_ += bytes.size();
}

}  // namespace tally::bench
