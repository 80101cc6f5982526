#include "shipper/kafka/cursor_record.h"

#include <gtest/gtest.h>

namespace tally::shipper {
namespace {

TEST(CursorRecord, IsReadAsItWasWritten) {
  const auto instance = ShipperInstance::random();
  const auto record = parse_cursor_record(to_text({Sequence{4711}, instance}));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->next, Sequence{4711});
  EXPECT_EQ(record->instance.id, instance.id);
  EXPECT_EQ(record->instance.by, instance.by);
}

TEST(CursorRecord, MayNameNoEvent) {
  const auto record = parse_cursor_record(to_text({{}, {"id", "host"}}));
  ASSERT_TRUE(record);
  EXPECT_FALSE(record->next);
  EXPECT_EQ(to_text({Sequence{7}, {"id", "host"}}), "next=7\ninstance=id\nby=host\n");
}

TEST(CursorRecord, SkipsWhatItDoesNotKnow) {
  const auto record = parse_cursor_record("shape=round\nnext=3\n\nnoise\ninstance=i");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->next, Sequence{3});
}

TEST(CursorRecord, RefusesWhatIsNone) {
  for (const char* text : {"", "next=3\n", "next=\ninstance=i\n", "next=0\ninstance=i\n",
                           "next=3x\ninstance=i\n", "next=99999999999999999999\ninstance=i\n"}) {
    EXPECT_FALSE(parse_cursor_record(text)) << text;
  }
}

TEST(CursorRecord, EachInstanceIsItsOwn) {
  EXPECT_NE(ShipperInstance::random().id, ShipperInstance::random().id);
}

}  // namespace
}  // namespace tally::shipper
