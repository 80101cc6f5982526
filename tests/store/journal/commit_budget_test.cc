#include "store/journal/commit_budget.h"

#include <gtest/gtest.h>

#include <string>

#include "store/journal/journal_format.h"

namespace tally::store {
namespace {

Batch batch_with(RefusedEvent event) {
  Batch batch;
  batch.refused.push_back(std::move(event));
  return batch;
}

RefusedEvent refused(std::size_t bytes) {
  RefusedEvent event;
  event.reason = "too long";
  event.length = bytes;
  event.bytes.assign(bytes, 'x');
  return event;
}

TEST(CommitBudget, RefusesWhatDoesNotFitAndGoesOnWithWhatDoes) {
  CommitBudget budget;
  const Batch large = batch_with(refused(kRefusedBytesMax));
  int added = 0;
  while (budget.add(large)) ++added;
  EXPECT_EQ(added, 383);  // 24 MiB of 64 KiB and a little each.
  EXPECT_TRUE(budget.add(batch_with(refused(10))));
  EXPECT_FALSE(budget.add(large));
}

TEST(CommitBudget, HasRoomForTheLargestRequestWhateverIsWrongWithIt) {
  Batch batch;
  for (int i = 0; i < 16 * 1024 * 1024 / 4096; ++i) {
    batch.refused.push_back(refused(4096));
    batch.refused.back().reason.assign(300, 'r');
    batch.refused.back().client.assign(100, 'c');
  }
  EXPECT_TRUE(CommitBudget().add(batch));
}

TEST(CommitBudget, RefusesATextThatIsTooLong) {
  Batch run;
  run.runs.resize(1);
  Batch key;
  key.keys.resize(1);
  Batch checkpoint;
  checkpoint.checkpoints.resize(1);
  Batch event = batch_with(refused(1));
  const std::string limit(kNameBytesMax, 'n');
  run.runs[0].client = key.keys[0].client = checkpoint.checkpoints[0].source = limit;
  event.refused[0].source = limit;
  for (const Batch& batch : {run, key, checkpoint, event}) EXPECT_TRUE(CommitBudget().add(batch));
  run.runs[0].client += "n";
  key.keys[0].client += "n";
  checkpoint.checkpoints[0].source += "n";
  event.refused[0].source += "n";
  for (const Batch& batch : {run, key, checkpoint, event}) EXPECT_FALSE(CommitBudget().add(batch));
}

TEST(CommitBudget, WhatFitsIsEncodedAndReadBack) {
  CommitHeader header;
  header.first = kFirstSequence;
  const std::size_t count = kCommitNameBytesMax / 64;
  header.frames.push_back({static_cast<std::uint32_t>(count), kFrameLinesMax, {}});
  header.stored.push_back({kFrameStoredMax, 0});
  for (std::size_t i = 0; i < count; ++i) {
    std::string name = std::to_string(i);
    name.resize(64, 'n');
    tally::Run& run = header.runs.emplace_back();
    run.count = 1;
    run.offset = ~std::uint64_t{0};
    run.source = std::move(name);
  }
  header.refused.assign(380, refused(kRefusedBytesMax));
  CommitEncoder encoder;
  const auto encoded = encoder.encode(header, 1);
  ASSERT_TRUE(encoded);
  CommitDecoder decoder;
  EXPECT_EQ(decoder.decode(encoded.value().bytes, 1).value().header, header);
  header.refused.assign(400, refused(kRefusedBytesMax));
  const auto too_large = encoder.encode(header, 1);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code, Errc::too_large);
}

}  // namespace
}  // namespace tally::store
