#include "shipper/status_file.h"

#include <gtest/gtest.h>

#include <string>

#include "store/sink_position.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

TEST(StatusFile, IsReadBack) {
  FaultFileSystem files;
  ManualClock clock;
  const store::StorePaths paths("/store");
  ASSERT_TRUE(files.create_directories(paths.cursors()));
  EXPECT_EQ(shipper::read_status(files, paths, "loki").value(), std::nullopt);
  shipper::StatusWriter writer(files, clock, paths, "loki");
  shipper::ShipperStats stats;
  stats.condition = shipper::Condition::retrying;
  stats.trouble = "nobody\nlistens";
  stats.lost = 3;
  stats.sink = {.events = 1000, .bytes = 2, .requests = 4, .retries = 5, .dead = 6, .trouble = {}};
  writer.put(stats);
  clock.time += std::chrono::seconds{2};
  stats.sink.events = 5000;
  writer.put(stats);
  const auto status = shipper::read_status(files, paths, "loki").value();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->condition, "retrying");
  EXPECT_EQ(status->trouble, "nobody listens");
  EXPECT_EQ(status->events, 5000U);
  EXPECT_EQ(status->retries, 5U);
  EXPECT_EQ(status->dead, 6U);
  EXPECT_EQ(status->lost, 3U);
  EXPECT_DOUBLE_EQ(status->events_per_second, 2000);
  EXPECT_EQ(status->at, clock.now());
}

TEST(StatusFile, WhetherSomebodyServesTheSinkItsLockTells) {
  FaultFileSystem files;
  const store::StorePaths paths("/store");
  EXPECT_FALSE(shipper::is_served(files, paths, "loki").value());
  {
    const auto position = store::SinkPosition::open(files, paths, store::StoreId::random(), "loki");
    ASSERT_TRUE(position);
    EXPECT_TRUE(shipper::is_served(files, paths, "loki").value());
  }
  EXPECT_FALSE(shipper::is_served(files, paths, "loki").value());
}

}  // namespace
}  // namespace tally::tests
