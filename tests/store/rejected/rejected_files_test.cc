#include "store/rejected/rejected_files.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "store/rejected/rejected_file.h"
#include "tests/support/fault_file_system.h"

namespace tally::tests {
namespace {

using store::RefusedEvent;
using store::RejectedFileReader;
using store::RejectedFiles;
using store::RejectedFileWriter;
using store::RejectedLimits;

RefusedEvent refused(std::string client, std::uint64_t number) {
  RefusedEvent event;
  event.reason = "line 1: service is missing";
  event.client = std::move(client);
  // Not compressible, so that as much is stored.
  std::mt19937_64 random(number);
  for (int i = 0; i < 700; ++i) event.bytes.push_back(static_cast<char>(random()));
  event.length = event.bytes.size();
  return event;
}

class RejectedFilesTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files.create_directories(paths.rejected())); }

  /// Writes a file of one commit's refused events, and keeps the limits.
  void write(RejectedFiles& rejected, std::uint64_t number,
             const std::vector<RefusedEvent>& events) {
    RejectedFileWriter writer(files, paths, {store_id, number});
    ASSERT_TRUE(writer.add(events));
    auto bytes = writer.finish();
    ASSERT_TRUE(bytes) << to_string(bytes.error());
    ASSERT_TRUE(rejected.add(number, std::move(bytes).value()));
  }

  /// The events of all files, in order: client and bytes.
  std::vector<RefusedEvent> read() {
    std::vector<RefusedEvent> events;
    const auto names = files.list(paths.rejected()).value();
    for (const std::string& name : names) {
      const auto number = store::parse_rejected_name(name);
      if (!number) continue;
      auto reader = std::move(RejectedFileReader::open(files, paths, *number)).value();
      while (const auto pack = reader.next().value()) {
        auto unpacked = std::move(store::unpack_refused(pack->frame)).value();
        for (RefusedEvent& event : unpacked) {
          EXPECT_EQ(event.client, pack->client);
          events.push_back(std::move(event));
        }
      }
    }
    return events;
  }

  FaultFileSystem files;
  store::StorePaths paths{"/store"};
  store::StoreId store_id{{1, 2, 3}};
};

TEST_F(RejectedFilesTest, GivesBackWhatWasRefusedInOrder) {
  RejectedFiles rejected(files, paths, {});
  const std::vector<RefusedEvent> first{refused("a", 1), refused("a", 2), refused("b", 3),
                                        refused("a", 4)};
  const std::vector<RefusedEvent> second{refused("", 5)};
  write(rejected, 7, first);
  write(rejected, 9, second);
  std::vector<RefusedEvent> all = first;
  all.push_back(second[0]);
  EXPECT_EQ(read(), all);
  auto reader = std::move(RejectedFileReader::open(files, paths, 7)).value();
  EXPECT_EQ(reader.header(), (store::RejectedHeader{store_id, 7}));
  EXPECT_EQ(reader.next().value()->index, 0U);
  EXPECT_EQ(reader.next().value()->index, 2U);
  EXPECT_EQ(reader.next().value()->index, 3U);
}

TEST_F(RejectedFilesTest, MakesTheSameFileWhenDoneAgain) {
  RejectedFiles rejected(files, paths, {});
  write(rejected, 7, {refused("a", 1), refused("b", 2)});
  const auto once = read();
  write(rejected, 7, {refused("a", 1), refused("b", 2)});
  EXPECT_EQ(read(), once);
  EXPECT_EQ(rejected.losses().events, 0U);
}

TEST_F(RejectedFilesTest, MakesNoFileWhereNothingWasRefused) {
  RejectedFiles rejected(files, paths, {});
  write(rejected, 7, {});
  EXPECT_TRUE(files.list(paths.rejected()).value().empty());
}

TEST_F(RejectedFilesTest, DropsTheOldestOfTheClientThatHasTooMuch) {
  const RejectedLimits limits{.bytes_max = 100'000, .client_bytes_max = 3'000};
  RejectedFiles rejected(files, paths, limits);
  for (std::uint64_t number = 1; number <= 20; ++number) {
    write(rejected, number, {refused("loud", number * 2), refused("quiet", number * 2 + 1)});
    if (number == 2) rejected = RejectedFiles(files, paths, limits);  // As after a restart.
    if (number > 2) write(rejected, number + 100, {refused("loud", number * 2 + 1000)});
  }
  std::uint64_t loud = 0;
  std::uint64_t quiet = 0;
  for (const RefusedEvent& event : read()) {
    loud += event.client == "loud" ? event.bytes.size() : 0;
    quiet += event.client == "quiet" ? event.bytes.size() : 0;
  }
  EXPECT_LE(loud, 3'000U);
  EXPECT_GT(loud, 1'000U);
  EXPECT_LE(quiet, 3'000U);
  EXPECT_EQ(read().back(), refused("loud", 1040)) << "the newest stays";
  EXPECT_GT(rejected.losses().events, 30U);
}

TEST_F(RejectedFilesTest, DropsTheOldestOfAllPastTheLimitForAll) {
  RejectedFiles rejected(files, paths, {.bytes_max = 5'000, .client_bytes_max = 2'000});
  for (std::uint64_t number = 1; number <= 30; ++number) {
    write(rejected, number, {refused("client " + std::to_string(number), number)});
  }
  const auto left = read();
  ASSERT_GT(left.size(), 2U);
  for (std::size_t i = 0; i < left.size(); ++i) {
    EXPECT_EQ(left[left.size() - 1 - i].client, "client " + std::to_string(30 - i));
  }
  EXPECT_EQ(rejected.losses().events + left.size(), 30U);
}

TEST_F(RejectedFilesTest, CountsADamagedFileAndRemovesItWhenItsTurnComes) {
  const RejectedLimits limits{.bytes_max = 5'000, .client_bytes_max = 5'000};
  {
    RejectedFiles rejected(files, paths, limits);
    write(rejected, 1, {refused("a", 1)});
  }
  {
    auto file = std::move(files.open(paths.rejected_file(1), store::OpenMode::write)).value();
    const std::string_view part = "damage";
    ASSERT_TRUE(file->write_at(100, {&part, 1}));
  }
  RejectedFiles rejected(files, paths, limits);
  for (std::uint64_t number = 2; number <= 20; ++number) {
    write(rejected, number, {refused("a", number)});
  }
  EXPECT_FALSE(files.exists(paths.rejected_file(1)).value());
  EXPECT_GT(read().size(), 2U);
}

TEST_F(RejectedFilesTest, ReaderSaysWhereAFileIsDamaged) {
  RejectedFiles rejected(files, paths, {});
  write(rejected, 1, {refused("a", 1), refused("b", 2)});
  auto file = std::move(files.open(paths.rejected_file(1), store::OpenMode::write)).value();
  const std::uint64_t size = file->size().value();
  for (std::uint64_t at = 0; at < size; ++at) {
    char byte = 0;
    ASSERT_TRUE(file->read_at(at, {&byte, 1}));
    const char damaged = static_cast<char>(byte ^ 1);
    std::string_view part(&damaged, 1);
    ASSERT_TRUE(file->write_at(at, {&part, 1}));
    auto reader = RejectedFileReader::open(files, paths, 1);
    bool found = !reader;
    while (!found) {
      const auto pack = reader.value().next();
      found = !pack;
      ASSERT_TRUE(found || pack.value()) << "damage at " << at << " goes unnoticed";
    }
    part = std::string_view(&byte, 1);
    ASSERT_TRUE(file->write_at(at, {&part, 1}));
  }
}

}  // namespace
}  // namespace tally::tests
