// The lists of a block that are not columns: runs, commits, counts.

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "store/segment/commit_outline.h"
#include "store/segment/event_counts.h"
#include "store/segment/run_list_codec.h"

namespace tally::store {
namespace {

class BlockLists : public testing::Test {
 protected:
  /// With the bytes behind it that decoders may look at.
  std::string_view padded(std::string bytes) {
    bytes_ = std::move(bytes);
    const std::size_t length = bytes_.size();
    bytes_ += std::string(16, '\0');
    return std::string_view(bytes_).substr(0, length);
  }

  BytesPacker packer_;
  BytesUnpacker unpacker_;
  IntegerEncoder encoder_{packer_};
  IntegerDecoder decoder_{unpacker_};
  std::string bytes_;
};

TEST_F(BlockLists, RunsComeBack) {
  std::mt19937_64 random(7);
  RunList list{.continued = true, .runs = {}};
  std::uint32_t events = 0;
  for (int i = 0; i < 200; ++i) {
    tally::Run run{
        .count = static_cast<std::uint32_t>(1 + random() % 9),
        .received = UtcTime{std::chrono::nanoseconds{static_cast<std::int64_t>(random())}},
        .kind = static_cast<SourceKind>(1 + random() % 4),
        .line_end = static_cast<std::uint8_t>(random() % 3),
        .offset = random(),
        .source = "source " + std::to_string(random() % 3),
        .client = random() % 2 == 0 ? "" : "client"};
    events += run.count;
    list.runs.push_back(std::move(run));
  }
  std::string bytes;
  put_runs(bytes, list, packer_, encoder_);
  RunList read;
  EXPECT_TRUE(read_runs(padded(bytes), events, unpacker_, decoder_, read));
  EXPECT_EQ(read, list);
  EXPECT_FALSE(read_runs(padded(bytes), events + 1, unpacker_, decoder_, read));
  EXPECT_FALSE(read_runs(padded(bytes + "x"), events, unpacker_, decoder_, read));
}

TEST_F(BlockLists, RunsOfAnUnknownKindAreRefused) {
  RunList list;
  list.runs.push_back({.count = 1, .kind = static_cast<SourceKind>(9), .source = {}, .client = {}});
  std::string bytes;
  put_runs(bytes, list, packer_, encoder_);
  RunList read;
  EXPECT_FALSE(read_runs(padded(bytes), 1, unpacker_, decoder_, read));
}

TEST_F(BlockLists, CommitsComeBack) {
  const CommitOutlines outlines{
      .frames = {1, 0, 3}, .runs = {1, 0, 2}, .frame_counts = {5, 1, 2, 3}};
  std::string bytes;
  put_outlines(bytes, outlines, encoder_);
  CommitOutlines read;
  EXPECT_TRUE(read_outlines(padded(bytes), decoder_, read));
  EXPECT_EQ(read, outlines);
  bytes.clear();
  put_outlines(bytes, {.frames = {2}, .runs = {1}, .frame_counts = {5}}, encoder_);
  EXPECT_FALSE(read_outlines(padded(bytes), decoder_, read));
}

TEST_F(BlockLists, CountsComeBackInOrder) {
  EventCounter counter;
  std::mt19937_64 random(8);
  std::uint64_t events = 0;
  for (; events < 5000; ++events) {
    counter.add({static_cast<std::uint32_t>(random() % 60'000),
                 static_cast<std::uint32_t>(random() % 3), random() % 2 == 0});
  }
  EventCounts counts = counter.take();
  EXPECT_TRUE(counter.take().empty());
  std::string bytes;
  put_counts(bytes, counts, encoder_);
  EventCounts read;
  EXPECT_TRUE(read_counts(padded(bytes), events, decoder_, read));
  EXPECT_EQ(read, counts);
  EXPECT_FALSE(read_counts(padded(bytes), events + 1, decoder_, read));
  add_counts(read, counts);
  ASSERT_EQ(read.size(), counts.size());
  EXPECT_EQ(read[0].events, 2 * counts[0].events);
}

}  // namespace
}  // namespace tally::store
