#include "ingest/event_fields.h"

#include <gtest/gtest.h>

namespace tally::ingest {
namespace {

TEST(EventFields, AreFoundByTheirNames) {
  for (int i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    EXPECT_EQ(find_field(to_string(field)), field);
  }
  for (const char* name : {"", "Error", "errors", "servicf", "metadatb", "timestamq", "unknown"}) {
    EXPECT_EQ(find_field(name), Field::unknown) << name;
  }
}

TEST(EventFields, MisspeltNamesAreNearTheRightOne) {
  EXPECT_EQ(nearest_field("conatiner"), Field::container);
  EXPECT_EQ(nearest_field("TimeStamp"), Field::timestamp);
  EXPECT_EQ(nearest_field("sucess"), Field::success);
  EXPECT_EQ(nearest_field("user"), Field::unknown);
  EXPECT_EQ(nearest_field(""), Field::unknown);
  EXPECT_EQ(nearest_field("timestamp_of_the_event"), Field::unknown);
}

}  // namespace
}  // namespace tally::ingest
