#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <filesystem>
#include <memory>
#include <string>

#include "tests/shipper/fault_table.h"
#include "tests/shipper/file_fault_run.h"
#include "tests/shipper/shipping_process.h"
#include "tests/shipper/small_disk.h"
#include "tests/support/patience.h"
#include "tests/support/user_namespaces.h"

// `tally ship` is told to end while its sink waits for a disk or a pipe. Then the rest is shipped.

namespace tally::tests {
namespace {

using FullDiskStops = FileFault;

TEST_F(FullDiskStops, WaitingForRoom) {
  if (!have_user_namespaces()) {
    GTEST_SKIP() << "NOT TESTED: a full disk of a file's. There are no user namespaces here "
                    "(unshare -rm).";
  }
  SmallDisk disk(few_or(16, 64));
  store.keep_for("file");
  add();
  disk.fill();
  ShippingProcess process(store, "file", url(disk.directory(), ""));
  process.wait_for_trouble("No space left on device");
  const std::string ended = process.end();
  disk.free();
  ship = store.ship_to(url(disk.directory(), ""));
  ship->start();
  add();
  wait_for_arrivals();
  ship->stop();
  count("file", "SIGTERM while the disk is full", written_to(disk.directory()), ended);
}

/// A pipe with a name, which the test has open for reading.
class NamedPipe {
 public:
  explicit NamedPipe(const std::filesystem::path& path) {
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    end_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  }
  ~NamedPipe() { ::close(end_); }
  NamedPipe(const NamedPipe&) = delete;
  NamedPipe& operator=(const NamedPipe&) = delete;

  /// How many bytes nobody has read.
  std::size_t filled() const {
    int bytes = 0;
    EXPECT_EQ(::ioctl(end_, FIONREAD, &bytes), 0);
    return static_cast<std::size_t>(bytes);
  }

  /// Until there is no room for more, or hardly any.
  void wait_until_full() const {
    const auto most = static_cast<std::size_t>(::fcntl(end_, F_GETPIPE_SZ));
    wait_until([&] { return filled() + PIPE_BUF >= most; });
  }

  /// All that is in it.
  std::string read() const {
    std::string bytes(filled(), '\0');
    EXPECT_EQ(::read(end_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    return bytes;
  }

 private:
  int end_ = -1;
};

using StandardOutput = FileFault;

TEST_F(StandardOutput, IntoAPipeThatNobodyReads) {
  const std::filesystem::path path = place.path() / "pipe";
  const std::filesystem::path rest = place.path() / "out.jsonl";
  const NamedPipe pipe(path);
  store.keep_for("out");
  add();
  ShippingProcess process(store, "out", "stdout:?name=out", path.string());
  pipe.wait_until_full();
  const std::string ended = process.end();
  ShippingProcess again(store, "out", "stdout:?name=out", rest.string());
  again.wait_for_arrivals();
  again.end();
  // Its last line was cut off.
  count("stdout", "SIGTERM while nobody reads the pipe that it writes into",
        pipe.read() + "\n" + written_to(place.path()), ended, Times::at_least_once);
}

/// Nothing is written twice when there was no room for a while.
TEST_F(StandardOutput, IntoAPipeThatIsReadNowAndThen) {
  const std::filesystem::path path = place.path() / "pipe";
  const NamedPipe pipe(path);
  store.keep_for("out");
  add();
  ShippingProcess process(store, "out", "stdout:?name=out", path.string());
  pipe.wait_until_full();
  std::string lines;
  wait_until([&] {
    lines += pipe.read();
    return static_cast<std::uint64_t>(std::ranges::count(lines, '\n')) == store.size();
  });
  const std::string ended = process.end();
  count("stdout", "the pipe that it writes into is full again and again", lines, ended);
}

}  // namespace
}  // namespace tally::tests
