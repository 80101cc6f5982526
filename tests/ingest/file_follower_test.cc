#include "ingest/file_follower.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "model/clock.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

namespace tally::ingest {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const store::Path kStore = "/store";

/// Real files, followed into a store that is held in memory and can crash.
class FileFollowerTest : public ::testing::Test {
 protected:
  FileFollowerTest() { open_store(); }
  ~FileFollowerTest() override { stop(); }

  std::string path(const std::string& name) const { return (directory_.path() / name).string(); }

  void append(const std::string& name, const std::string& text) {
    const int file = ::open(path(name).c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    ASSERT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(file);
  }

  /// Appends the next `count` events.
  void append_events(const std::string& name, int count) {
    std::string text;
    for (; count > 0; --count) text += next_event() + '\n';
    append(name, text);
  }

  std::string next_event() {
    written_.push_back(tests::event_line(written_.size() + 1));
    return written_.back();
  }

  void rename(const std::string& from, const std::string& to) {
    std::filesystem::rename(path(from), path(to));
  }

  void open_store() {
    store::StoreOptions options;
    options.directory = kStore;
    options.file_bytes = 256 * 1024;
    auto opened = store::Store::open(files_, clock_, options);
    ASSERT_TRUE(opened) << to_string(opened.error());
    store_ = std::move(opened).value();
  }

  void start(std::vector<std::string> names, milliseconds rotated_grace = std::chrono::hours{1}) {
    FileFollowerOptions options;
    for (const std::string& name : names) options.patterns.push_back(path(name));
    options.poll_interval = milliseconds{5};
    options.rotated_grace = rotated_grace;
    options.retry_min = milliseconds{1};
    options.retry_max = milliseconds{10};
    follower_ = std::make_unique<FileFollower>(*store_, clock_, options);
    follower_->start();
  }

  void stop() { follower_.reset(); }

  static bool eventually(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      std::this_thread::yield();
    }
    return true;
  }

  /// Waits until the store has as many events as were written, and compares them.
  void expect_all_written() {
    EXPECT_TRUE(eventually([&] { return stored_count() >= written_.size(); }));
    EXPECT_EQ(contents().lines, written_);
  }

  std::uint64_t stored_count() const { return to_number(store_->next_sequence()) - 1; }

  tests::StoreContents contents() {
    auto read = tests::read_store(files_, kStore);
    EXPECT_TRUE(read) << to_string(read.error());
    return read ? std::move(read).value() : tests::StoreContents{};
  }

  tests::TemporaryDirectory directory_;
  tests::FaultFileSystem files_;
  SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<FileFollower> follower_;
  std::vector<std::string> written_;  ///< events in the order in which they have to be stored
};

TEST_F(FileFollowerTest, TakesWhatIsThereAndWhatComes) {
  append_events("audit.jsonl", 3);
  start({"audit.jsonl"});
  expect_all_written();
  append_events("audit.jsonl", 2);
  expect_all_written();
  EXPECT_EQ(follower_->stats().files, 1U);
}

TEST_F(FileFollowerTest, HalfALineWaitsForItsEnd) {
  const std::string line = next_event();
  append("audit.jsonl", line.substr(0, 20));
  start({"audit.jsonl"});
  append_events("other.jsonl", 0);
  append("audit.jsonl", line.substr(20));
  append("audit.jsonl", "\r\n");
  expect_all_written();
}

TEST_F(FileFollowerTest, WaitsOnAFullDiskAndLosesNothing) {
  files_.set_space({.total = 1000, .available = 500});
  append_events("audit.jsonl", 3);
  start({"audit.jsonl"});
  expect_all_written();
  files_.set_space({.total = 1000, .available = 10});
  // Whatever gets in until the store has looked at its disk counts as well.
  while (!store_->disk_full()) append_events("audit.jsonl", 1);
  append_events("audit.jsonl", 3);
  const std::uint64_t retries = follower_->stats().retries;
  EXPECT_TRUE(eventually([&] { return follower_->stats().retries > retries + 2; }));
  EXPECT_LT(stored_count(), written_.size());
  files_.set_space({.total = 1000, .available = 500});
  expect_all_written();
}

TEST_F(FileFollowerTest, KnowsWhereEachEventWas) {
  const std::string a = next_event();
  const std::string b = next_event();
  const std::string c = next_event();
  append("audit.jsonl", a + "\n\n" + b + '\n' + c + '\n');
  start({"audit.jsonl"});
  expect_all_written();
  const auto runs = contents().runs;
  ASSERT_THAT(runs, SizeIs(2));
  EXPECT_EQ(runs[0].kind, SourceKind::file);
  EXPECT_EQ(runs[0].source, path("audit.jsonl"));
  EXPECT_EQ(runs[0].offset, 0U);
  EXPECT_EQ(runs[1].offset, a.size() + 2);
  EXPECT_EQ(runs[1].count, 2U);
}

TEST_F(FileFollowerTest, RefusedLinesAreKeptWithTheirOffset) {
  const std::string a = next_event();
  append("audit.jsonl", a + "\n{\"service\": 1}\n" + next_event() + '\n');
  start({"audit.jsonl"});
  expect_all_written();
  const auto refused = contents().refused;
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].offset, a.size() + 1);
  EXPECT_EQ(refused[0].bytes, "{\"service\": 1}");
  EXPECT_EQ(refused[0].source, path("audit.jsonl"));
  EXPECT_THAT(refused[0].reason, HasSubstr("service: must be a string"));
}

TEST_F(FileFollowerTest, ALineThatIsTooLongIsRefusedAsOne) {
  append_events("audit.jsonl", 1);
  start({"audit.jsonl"});
  expect_all_written();
  const std::string piece(150'000, 'x');
  append("audit.jsonl", piece);
  append("audit.jsonl", piece + "\r");
  append("audit.jsonl", "\n");
  append_events("audit.jsonl", 1);
  expect_all_written();
  const auto refused = contents().refused;
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].length, 2 * piece.size());
  EXPECT_EQ(refused[0].bytes, piece.substr(0, store::kRefusedBytesMax));
  EXPECT_EQ(refused[0].offset, written_[0].size() + 1);
}

TEST_F(FileFollowerTest, GoesOnAfterARestartWhereItWas) {
  append_events("audit.jsonl", 3);
  start({"audit.jsonl"});
  expect_all_written();
  stop();
  append_events("audit.jsonl", 3);
  store_.reset();
  open_store();
  start({"audit.jsonl"});
  expect_all_written();
}

TEST_F(FileFollowerTest, ReadsARotatedFileToItsEndAndThenTheNewOne) {
  append_events("audit.jsonl", 2);
  start({"audit.jsonl"});
  expect_all_written();
  const int late = ::open(path("audit.jsonl").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  rename("audit.jsonl", "audit.jsonl.1");
  append_events("audit.jsonl", 2);
  expect_all_written();
  const std::string line = next_event() + '\n';
  ASSERT_EQ(::write(late, line.data(), line.size()), static_cast<ssize_t>(line.size()));
  ::close(late);
  expect_all_written();
  append_events("audit.jsonl", 1);
  expect_all_written();
}

TEST_F(FileFollowerTest, FinishesARotatedFileAfterARestart) {
  append_events("audit.jsonl", 2);
  start({"audit.jsonl"});
  expect_all_written();
  stop();
  append_events("audit.jsonl", 2);
  rename("audit.jsonl", "audit.jsonl.1");
  append_events("audit.jsonl", 2);
  start({"audit.jsonl"});
  expect_all_written();
}

TEST_F(FileFollowerTest, ForgetsARotatedFileThatIsQuiet) {
  append_events("audit.jsonl", 2);
  start({"audit.jsonl"}, milliseconds{0});
  expect_all_written();
  append("audit.jsonl", next_event());  // Its line end will never come.
  rename("audit.jsonl", "audit.jsonl.1");
  expect_all_written();
  append_events("audit.jsonl", 1);
  expect_all_written();
  EXPECT_TRUE(eventually([&] { return store_->checkpoints().size() == 1; }));
  EXPECT_TRUE(eventually([&] { return follower_->stats().files == 1; }));
}

TEST_F(FileFollowerTest, ReadsATruncatedFileFromItsStart) {
  append_events("audit.jsonl", 3);
  start({"audit.jsonl"});
  expect_all_written();
  std::filesystem::resize_file(path("audit.jsonl"), 0);
  append_events("audit.jsonl", 1);
  expect_all_written();
}

TEST_F(FileFollowerTest, NoticesATruncationThatIsGrownOver) {
  append_events("audit.jsonl", 3);
  start({"audit.jsonl"});
  expect_all_written();
  stop();
  std::filesystem::resize_file(path("audit.jsonl"), 0);
  append_events("audit.jsonl", 5);
  start({"audit.jsonl"});
  expect_all_written();
}

TEST_F(FileFollowerTest, ADeletedFileMayComeAgain) {
  append_events("audit.jsonl", 2);
  start({"audit.jsonl"});
  expect_all_written();
  std::filesystem::remove(path("audit.jsonl"));
  append_events("audit.jsonl", 2);
  expect_all_written();
}

TEST_F(FileFollowerTest, AwaitsWhatIsNotThere) {
  start({"audit.jsonl", "later/audit.jsonl"});
  append_events("audit.jsonl", 1);
  expect_all_written();
  std::filesystem::create_directory(path("later"));
  append_events("later/audit.jsonl", 1);
  expect_all_written();
}

TEST_F(FileFollowerTest, TriesOnWhereItCannotRead) {
  std::filesystem::create_directory(path("audit.jsonl"));
  start({"audit.jsonl"});
  EXPECT_TRUE(eventually([&] { return follower_->stats().unreadable == 1; }));
  std::filesystem::remove(path("audit.jsonl"));
  append_events("audit.jsonl", 1);
  expect_all_written();
  EXPECT_TRUE(eventually([&] { return follower_->stats().unreadable == 0; }));
}

TEST_F(FileFollowerTest, APatternFollowsAllAndNoFileTwice) {
  append_events("a.jsonl", 1);
  start({"*.jsonl*"}, milliseconds{0});
  expect_all_written();
  append_events("b.jsonl", 1);
  expect_all_written();
  rename("a.jsonl", "a.jsonl.1");
  append_events("a.jsonl", 1);
  expect_all_written();
  append_events("a.jsonl.1", 1);
  expect_all_written();
  stop();
  start({"*.jsonl*"}, milliseconds{0});
  append_events("a.jsonl.1", 1);
  expect_all_written();
}

TEST_F(FileFollowerTest, TakesEachLineOfThreeWritersOnceWhileTheFileIsRotated) {
  constexpr int kRotations = 5;
  constexpr std::uint64_t kLinesAtLeast = 100;  // of each writer, and between two rotations
  constexpr std::uint64_t kNumbersEach = 1'000'000'000;
  start({"audit.jsonl"});
  std::atomic<int> rotations{0};
  std::array<std::uint64_t, 3> lines{};
  std::vector<std::jthread> writers;
  for (std::uint64_t writer = 0; writer < lines.size(); ++writer) {
    writers.emplace_back([&, writer] {
      std::uint64_t& count = lines[writer];
      while (rotations < kRotations || count < kLinesAtLeast) {
        append("audit.jsonl", tests::event_line(writer * kNumbersEach + count++) + '\n');
      }
    });
  }
  for (std::uint64_t goal = kLinesAtLeast; rotations < kRotations; ++rotations) {
    EXPECT_TRUE(eventually([&] { return stored_count() >= goal; }));
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(path("audit.jsonl")); }));
    rename("audit.jsonl", "audit.jsonl." + std::to_string(rotations));
    goal = stored_count() + kLinesAtLeast;
  }
  writers.clear();
  std::vector<std::string> expected;
  for (std::uint64_t writer = 0; writer < lines.size(); ++writer) {
    for (std::uint64_t i = 0; i < lines[writer]; ++i) {
      expected.push_back(tests::event_line(writer * kNumbersEach + i));
    }
  }
  EXPECT_TRUE(eventually([&] { return stored_count() >= expected.size(); }));
  std::vector<std::string> found = contents().lines;
  std::ranges::sort(found);
  std::ranges::sort(expected);
  EXPECT_TRUE(found == expected) << found.size() << " of " << expected.size();
}

TEST_F(FileFollowerTest, TriesAgainWhatWasNotTaken) {
  tests::Fault fault;
  fault.among = [](const tests::Operation& operation) {
    // A commit overwrites zeros; what is written ahead takes space.
    return operation.kind == tests::OperationKind::write && !operation.takes_space &&
           operation.path.filename() != "durable";
  };
  files_.set_fault(fault);
  append_events("audit.jsonl", 3);
  start({"audit.jsonl"});
  expect_all_written();
  EXPECT_TRUE(eventually([&] { return follower_->stats().retries >= 1; }));
}

// The collector dies at any operation of its store, and the power with it: what was read and not
// committed is read again, and nothing twice.
TEST_F(FileFollowerTest, TakesEachLineOnceThroughAnyCrash) {
  constexpr std::uint64_t kSeed = 5;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  for (std::uint64_t at = 1; at <= 12; ++at) {
    SCOPED_TRACE("operation " + std::to_string(at));
    tests::Fault fault;
    fault.kind = tests::FaultKind::crash;
    fault.at = at;
    fault.among = [](const tests::Operation& operation) {
      return tests::changes_storage(operation.kind);
    };
    start({"audit.jsonl"});
    append_events("audit.jsonl", 1);
    expect_all_written();
    files_.set_fault(fault);
    for (int i = 0; i < 4; ++i) {
      const std::uint64_t before = stored_count();
      append_events("audit.jsonl", 3);
      if (i == 2) rename("audit.jsonl", "audit.jsonl." + std::to_string(at));
      eventually([&] { return stored_count() > before || files_.down(); });
    }
    stop();
    store_.reset();
    files_.crash(random);
    open_store();
    start({"audit.jsonl"}, milliseconds{0});
    expect_all_written();
    stop();
  }
}

TEST_F(FileFollowerTest, StopsAtOnceWhenNothingHappens) {
  start({"audit.jsonl"});
  stop();
  EXPECT_THAT(contents().lines, IsEmpty());
}

}  // namespace
}  // namespace tally::ingest
