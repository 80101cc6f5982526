#include "tests/shipper/small_disk.h"

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/patience.h"

namespace tally::tests {
namespace {

std::vector<std::string> hold(const std::filesystem::path& mount, std::uint64_t megabytes) {
  return {
      "unshare",
      "-rm",
      "sh",
      "-c",
      "mount -t tmpfs -o size=\"$1m\" none \"$2\" && mkdir \"$2/files\" && exec tail -f /dev/null",
      "sh",
      std::to_string(megabytes),
      mount.string()};
}

}  // namespace

SmallDisk::SmallDisk(std::uint64_t megabytes)
    : holder_(hold(mount_.path(), megabytes), {std::nullopt, "/dev/null"}) {
  wait_until([&] {
    std::error_code ignored;
    return std::filesystem::exists(directory(), ignored);
  });
}

std::filesystem::path SmallDisk::root() const {
  return "/proc/" + std::to_string(holder_.pid()) + "/root" + mount_.path().string();
}

std::filesystem::path SmallDisk::directory() const { return root() / "files"; }

void SmallDisk::fill() {
  constexpr std::size_t kPiece = 4096;
  std::ofstream filler(root() / "filler", std::ios::binary);
  const std::string zeros(kPiece, '\0');
  while (filler.write(zeros.data(), kPiece).flush()) {
  }
}

void SmallDisk::free() { std::filesystem::remove(root() / "filler"); }

}  // namespace tally::tests
