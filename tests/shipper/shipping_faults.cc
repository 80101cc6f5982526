#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <string_view>

#include "tests/shipper/fault_table.h"

// Whatever dies, what Tally has acknowledged arrives, and is counted at the receiver: the cases
// are in *_fault_test.cc, and each is a row of one table that is printed at the end. With --full
// there are many events and kills, and three brokers: that takes minutes.
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc == 2 && std::string_view(argv[1]) == "--full") tally::tests::set_full_run();
  spdlog::set_level(spdlog::level::off);
  const int failed = RUN_ALL_TESTS();
  tally::tests::FaultTable::shared().print();
  return failed;
}
