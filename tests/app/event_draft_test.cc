#include "app/event_draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tally::app {
namespace {

using ::testing::HasSubstr;

TEST(EventDraft, WritesAllFieldsInTheUsualOrder) {
  EventDraft draft;
  draft.timestamp = "2026-01-23T21:55:09Z";
  draft.service = "a \"b\"";
  draft.operation = "list";
  EXPECT_EQ(write_event(draft).value(),
            "{\"timestamp\": \"2026-01-23T21:55:09Z\", \"service\": \"a \\\"b\\\"\", "
            "\"operation\": \"list\", \"container\": null, \"success\": true, \"error\": null, "
            "\"metadata\": {}}");
}

TEST(EventDraft, MetadataIsTextUnlessSaidOtherwise) {
  EventDraft draft;
  draft.metadata = {"a=1", "b:=1", "c==x", "d=", "e:=[true, null]"};
  EXPECT_THAT(
      write_event(draft).value(),
      HasSubstr("{\"a\": \"1\", \"b\": 1, \"c\": \"=x\", \"d\": \"\", \"e\": [true, null]}}"));
}

TEST(EventDraft, MetadataWithoutAKeyIsRefused) {
  for (const char* entry : {"", "a", "=1", ":=1"}) {
    EventDraft draft;
    draft.metadata = {entry};
    EXPECT_FALSE(write_event(draft)) << entry;
  }
}

}  // namespace
}  // namespace tally::app
