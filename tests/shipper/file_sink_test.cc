#include "shipper/file/file_sink.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "shipper/make_sink.h"
#include "shipper/shipper.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/patience.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

// Whole shippers on a file system that fails and forgets: what is in the files is counted.

namespace tally::tests {
namespace {

constexpr std::uint64_t kCommits = 12;
constexpr std::uint64_t kEvents = 5;  // In each.
constexpr const char* kUrl = "file:///out/audit.jsonl?linger_ms=0";
/// Five lines are some 1,000 bytes.
constexpr const char* kRotating = "file:///out/audit.jsonl?linger_ms=0&rotate=2500";

class FileSinkTest : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    store::StoreOptions options;
    options.directory = "/store";
    options.file_bytes = 64 * 1024;
    store_ = std::make_unique<SealingStore>(
        std::move(SealingStore::open(files_, clock_, options)).value());
    for (std::uint64_t i = 0; i < kCommits; ++i) commit();
  }

  void commit() {
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < kEvents; ++i) {
      lines.push_back(event_line(1000 + ++events_));
      expected_ += lines.back() + '\n';
    }
    const store::Batch batch = make_batch(lines, clock_.now());
    const store::Batch* group = &batch;
    ASSERT_TRUE(store_->journal->commit({&group, 1}));
    // So that what is shipped comes in several pieces, of segments and journal.
    ASSERT_TRUE(store_->journal->rotate());
    if (events_ <= kCommits * kEvents / 2) {
      ASSERT_EQ(store_->seal_all(files_), 1);
    }
  }

  Result<void> ship(store::FileSystem& files, const char* url) {
    auto plan = std::move(shipper::plan_sink(url)).value();
    plan.options.save_every = std::chrono::milliseconds{0};
    return shipper::Shipper(files, clock_, "/store", plan.options, plan.factory).run_once();
  }

  static std::string bytes_of(store::FileSystem& files, const store::Path& path) {
    const auto file = std::move(files.open(path, store::OpenMode::read)).value();
    std::string bytes(file->size().value(), '\0');
    EXPECT_TRUE(file->read_at(0, bytes));
    return bytes;
  }

  /// Of all files, the oldest first.
  static std::string shipped(store::FileSystem& files) {
    std::string text;
    for (int number = 1; files.exists("/out/audit.jsonl." + std::to_string(number)).value();
         ++number) {
      text += bytes_of(files, "/out/audit.jsonl." + std::to_string(number));
    }
    return text + bytes_of(files, "/out/audit.jsonl");
  }

  static bool is_line_write(const Operation& operation) {
    return operation.kind == OperationKind::write && operation.path.parent_path() == "/out";
  }

  /// Fails at every operation in turn, then ships again: every line is there once, in order.
  void expect_exactly_once(const char* url, FaultKind kind,
                           const std::function<bool(const Operation&)>& among = {}) {
    std::mt19937_64 random(20261128);
    const auto healthy = files_.after_crash(random);
    const std::uint64_t start = healthy->operations();
    ASSERT_TRUE(ship(*healthy, url));
    const auto trace = healthy->trace();
    const auto operations = static_cast<std::uint64_t>(
        std::count_if(trace.begin() + static_cast<std::ptrdiff_t>(start), trace.end(),
                      [&](const Operation& operation) { return !among || among(operation); }));
    ASSERT_EQ(shipped(*healthy), expected_);
    EXPECT_GT(operations, among ? 5U : 50U);
    for (std::uint64_t at = 1; at <= operations; ++at) {
      SCOPED_TRACE(testing::Message() << "operation " << at);
      const auto world = files_.after_crash(random);
      world->set_fault(Fault{.kind = kind, .at = at, .among = among});
      (void)ship(*world, url);
      world->set_fault(std::nullopt);
      const auto after = world->after_crash(random);
      const auto again = ship(*after, url);
      ASSERT_TRUE(again) << to_string(again.error());
      ASSERT_EQ(shipped(*after), expected_);
    }
  }

  FaultFileSystem files_;
  ManualClock clock_;
  std::unique_ptr<SealingStore> store_;
  std::uint64_t events_ = 0;
  std::string expected_;
};

TEST_F(FileSinkTest, WritesEveryLineAsItWasPosted) {
  ASSERT_TRUE(ship(files_, kUrl));
  EXPECT_EQ(shipped(files_), expected_);
  ASSERT_TRUE(ship(files_, kUrl));
  EXPECT_EQ(shipped(files_), expected_) << "what has arrived is not sent again";
  commit();
  ASSERT_TRUE(ship(files_, kUrl));
  EXPECT_EQ(shipped(files_), expected_);
}

TEST_F(FileSinkTest, ACrashAnywhereNeitherLosesNorDoublesALine) {
  expect_exactly_once(kUrl, FaultKind::crash);
}

TEST_F(FileSinkTest, ACrashAnywhereWhileItRotatesNeither) {
  expect_exactly_once(kRotating, FaultKind::crash);
}

TEST_F(FileSinkTest, AFailureAnywhereNeitherLosesNorDoublesALine) {
  expect_exactly_once(kRotating, FaultKind::io);
}

/// Where lines are written it is waited for.
TEST_F(FileSinkTest, AFullDiskAnywhereElseNeitherLosesNorDoublesALine) {
  expect_exactly_once(kRotating, FaultKind::no_space, [](const Operation& operation) {
    return operation.takes_space && !is_line_write(operation);
  });
}

TEST_F(FileSinkTest, AFullDiskIsToldOfAndWaitedFor) {
  files_.set_fault(
      Fault{.kind = FaultKind::no_space, .at = 3, .lasting = true, .among = is_line_write});
  auto plan = std::move(shipper::plan_sink(kUrl)).value();
  std::atomic<int> sinks = 0;
  const shipper::SinkFactory counted = [&](const shipper::SinkContext& context) {
    ++sinks;
    return plan.factory(context);
  };
  shipper::Shipper shipper(files_, clock_, "/store", plan.options, counted);
  shipper.start();
  wait_until([&] { return shipper.stats().condition == shipper::Condition::retrying; });
  EXPECT_NE(shipper.stats().trouble.find("No space left"), std::string::npos);
  wait_until([&] { return shipper.stats().next > kFirstSequence; });
  EXPECT_TRUE(expected_.starts_with(shipped(files_)));
  files_.set_fault(std::nullopt);
  wait_until([&] { return shipper.stats().next == Sequence{events_ + 1}; });
  EXPECT_EQ(shipper.stats().condition, shipper::Condition::sending);
  shipper.stop();
  EXPECT_EQ(sinks, 1) << "none was made anew, and nothing cut off";
  EXPECT_EQ(shipped(files_), expected_);
}

TEST_F(FileSinkTest, RotatesAndKeepsSoMany) {
  ASSERT_TRUE(ship(files_, "file:///out/audit.jsonl?linger_ms=0&rotate=2500&keep=2"));
  const auto names = files_.list("/out").value();
  EXPECT_EQ(names.size(), 3U);
  EXPECT_TRUE(expected_.ends_with(bytes_of(files_, "/out/audit.jsonl")));
}

TEST_F(FileSinkTest, WhatIsInTheFileAlreadyStays) {
  ASSERT_TRUE(files_.create_directories("/out"));
  const std::string_view before = "before\n";
  ASSERT_TRUE(
      files_.open("/out/audit.jsonl", store::OpenMode::create).value()->write_at(0, {&before, 1}));
  ASSERT_TRUE(ship(files_, kUrl));
  EXPECT_EQ(shipped(files_), "before\n" + expected_);
}

TEST_F(FileSinkTest, WritesZstdFrames) {
  ASSERT_TRUE(ship(files_, "file:///out/audit.jsonl?linger_ms=0&compress=zstd"));
  const std::string bytes = bytes_of(files_, "/out/audit.jsonl");
  std::string lines;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::size_t frame = ZSTD_findFrameCompressedSize(rest.data(), rest.size());
    ASSERT_FALSE(ZSTD_isError(frame));
    std::string piece(ZSTD_getFrameContentSize(rest.data(), rest.size()), '\0');
    ASSERT_EQ(ZSTD_decompress(piece.data(), piece.size(), rest.data(), frame), piece.size());
    lines += piece;
    rest.remove_prefix(frame);
  }
  EXPECT_EQ(lines, expected_);
}

}  // namespace
}  // namespace tally::tests
