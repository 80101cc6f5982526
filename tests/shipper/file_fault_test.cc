#include <gtest/gtest.h>
#include <poll.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bench/child_process.h"
#include "tests/shipper/fault_table.h"
#include "tests/shipper/file_fault_run.h"
#include "tests/shipper/small_disk.h"
#include "tests/support/user_namespaces.h"

// Files whose writers die, and disks without room.

namespace tally::tests {
namespace {

class Files : public FileFault {
 protected:
  using Milliseconds = std::chrono::milliseconds;

  /// A process that ships what there is, and ends.
  std::vector<std::string> command(const std::string& parameters) const {
    return {TALLY_SHIP_ONCE, store.directory().string(), url(place.path(), parameters)};
  }

  /// How long that takes if nobody kills it.
  Milliseconds ship_all(const std::string& parameters) {
    const auto begun = std::chrono::steady_clock::now();
    bench::ChildProcess process(command(parameters), {std::nullopt, log});
    EXPECT_EQ(process.wait(), 0);
    return std::chrono::ceil<Milliseconds>(std::chrono::steady_clock::now() - begun);
  }

  /// Bytes in all files. One that is renamed meanwhile may be missed.
  std::uint64_t written() const {
    std::error_code ignored;
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(place.path(), ignored)) {
      const std::uint64_t size = entry.file_size(ignored);
      if (!ignored) bytes += size;
    }
    return bytes;
  }

  void kill_at_any_moment(const std::string& name, const std::string& parameters) {
    SCOPED_TRACE(seed_text());
    const std::uint64_t kills = few_or(10, 40);
    store.keep_for("file");
    add();
    const auto takes = static_cast<std::uint64_t>(ship_all(parameters).count());
    const std::uint64_t bytes_of_a_round = written();
    for (std::uint64_t kill = 0; kill < kills; ++kill) {
      add();
      const std::uint64_t until = written() + 1 + below(bytes_of_a_round / 2);
      bench::ChildProcess process(command(parameters), {std::nullopt, log});
      // In the middle of the writing, or at any other moment.
      if (kill % 4 == 0) {
        ::poll(nullptr, 0, static_cast<int>(below(takes)));
      } else {
        while (written() < until) std::this_thread::yield();
      }
      process.send_signal(SIGKILL);
      process.wait();
    }
    ship_all(parameters);
    EXPECT_TRUE(std::filesystem::exists(place.path() / "out.jsonl.10")) << "it has rotated";
    EXPECT_GT(store.stats().seal.retention.segments_removed, 0U);
    count(name,
          "the shipper is killed " + std::to_string(kills) + " times, while its file rotates" +
              seed_text(),
          written_to(place.path()), "nothing: it is dead");
  }

  const std::filesystem::path log = store.directory() / "log";
};

TEST_F(Files, WriterKilledAtAnyMomentWhileTheyRotate) {
  kill_at_any_moment("file", "&rotate=100000");
}

TEST_F(Files, WriterOfZstdKilledAtAnyMomentWhileTheyRotate) {
  kill_at_any_moment("file, zstd", "&rotate=10000&compress=zstd");
}

class FullDisk : public FileFault {
 protected:
  void SetUp() override {
    if (!have_user_namespaces()) {
      GTEST_SKIP() << "NOT TESTED: a full disk of a file's. There are no user namespaces here "
                      "(unshare -rm).";
    }
    disk = std::make_unique<SmallDisk>(few_or(16, 64));
  }

  void fill_and_free(const std::string& name, const std::string& parameters) {
    begin(url(disk->directory(), parameters));
    add();
    wait_for_arrivals();
    disk->fill();
    add();
    const std::string said = wait_for_trouble("No space left on device");
    EXPECT_EQ(ship->stats().condition, shipper::Condition::retrying);
    add();
    disk->free();
    wait_for_arrivals();
    EXPECT_EQ(ship->stats().trouble, "");
    ship->stop();
    count(name, "the disk is full, and freed", written_to(disk->directory()), said);
  }

  std::unique_ptr<SmallDisk> disk;
};

TEST_F(FullDisk, FreedAgain) { fill_and_free("file", ""); }

TEST_F(FullDisk, FreedAgainWhileFilesRotate) {
  fill_and_free("file, zstd", "&rotate=10000&compress=zstd");
}

}  // namespace
}  // namespace tally::tests
