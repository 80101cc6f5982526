#include "ingest/kafka/record_packer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tally::ingest {
namespace {

using testing::HasSubstr;

std::string event(int number) {
  return R"({"timestamp":"2026-01-23T23:55:09Z","service":"s","operation":"o","success":true,)"
         R"("metadata":{"n":)" +
         std::to_string(number) + "}}";
}

class Packing : public testing::Test {
 protected:
  Packing() { packer.begin("audit/3", UtcTime{std::chrono::seconds{5}}); }

  RecordPacker packer;
};

TEST_F(Packing, MakesOneFrameAndOneRunOfWhatHasNoGaps) {
  for (int i = 0; i < 10; ++i) packer.add(100 + i, event(i));
  const store::Batch batch = packer.finish();
  ASSERT_TRUE(is_consistent(batch));
  ASSERT_EQ(batch.frames.size(), 1u);
  EXPECT_EQ(batch.frames[0].count, 10u);
  ASSERT_EQ(batch.runs.size(), 1u);
  EXPECT_EQ(batch.runs[0].kind, SourceKind::kafka);
  EXPECT_EQ(batch.runs[0].source, "audit/3");
  EXPECT_EQ(batch.runs[0].offset, 100u);
  EXPECT_EQ(batch.runs[0].count, 10u);
}

TEST_F(Packing, AGapOfOffsetsBeginsARun) {
  packer.add(5, event(1));
  packer.add(6, event(2));
  packer.add(9, event(3));
  const store::Batch batch = packer.finish();
  ASSERT_TRUE(is_consistent(batch));
  ASSERT_EQ(batch.runs.size(), 2u);
  EXPECT_EQ(batch.runs[0].count, 2u);
  EXPECT_EQ(batch.runs[1].offset, 9u);
}

TEST_F(Packing, WhatIsNoEventIsRefusedWithItsOffset) {
  packer.add(1, event(1));
  packer.add(2, std::nullopt);
  packer.add(3, "[" + event(2) + "]");
  packer.add(4, " \n");
  packer.add(5, event(3) + "\n" + event(4));
  packer.add(6, "junk");
  packer.add(7, event(5));
  packer.add(8, "{\"metadata\":\"" + std::string(70'000, 'x') + "\"}");
  const store::Batch batch = packer.finish();
  ASSERT_TRUE(is_consistent(batch));
  ASSERT_EQ(event_count(batch), 2u);
  ASSERT_EQ(batch.runs.size(), 2u);
  EXPECT_EQ(batch.runs[1].offset, 7u);
  ASSERT_EQ(batch.refused.size(), 6u);
  const std::vector<std::string> reasons = {"no value",   "array",       "empty",
                                            "two events", "JSON object", "64 KiB"};
  const std::vector<std::uint64_t> offsets = {2, 3, 4, 5, 6, 8};
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    EXPECT_EQ(batch.refused[i].offset, offsets[i]);
    EXPECT_EQ(batch.refused[i].source, "audit/3");
    EXPECT_THAT(batch.refused[i].reason, HasSubstr(reasons[i]));
  }
  EXPECT_EQ(batch.refused[1].bytes, "[" + event(2) + "]");
  EXPECT_EQ(batch.refused[5].bytes.size(), store::kRefusedBytesMax);
}

TEST_F(Packing, AnEventOverSeveralLinesBecomesOne) {
  std::string pretty = event(1);
  pretty.insert(1, "\r\n  ");
  packer.add(1, pretty + "\n");
  const store::Batch batch = packer.finish();
  EXPECT_TRUE(batch.refused.empty());
  ASSERT_EQ(batch.frames.size(), 1u);
  EXPECT_EQ(batch.frames[0].lines_bytes, event(1).size() + 4 + 1);
}

TEST_F(Packing, SpacesAroundAnEventStay) {
  packer.add(1, " " + event(1) + " ");
  EXPECT_EQ(packer.finish().frames.at(0).lines_bytes, event(1).size() + 3);
}

TEST_F(Packing, IsFullBeforeRefusalsAreKeptTogether) {
  std::int64_t offset = 0;
  while (!packer.full()) packer.add(offset++, "x");
  EXPECT_EQ(packer.finish().refused.size(), RecordPacker::kRecordsMax);
  packer.begin("audit/4", UtcTime{});
  while (!packer.full()) packer.add(offset++, std::string(60'000, 'x'));
  EXPECT_LT(packer.bytes(), RecordPacker::kBytesMax + 60'000);
  const store::Batch batch = packer.finish();
  EXPECT_EQ(batch.refused.front().source, "audit/4");
  EXPECT_EQ(batch.refused.back().offset, static_cast<std::uint64_t>(offset - 1));
}

}  // namespace
}  // namespace tally::ingest
