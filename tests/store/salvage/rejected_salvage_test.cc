#include "store/salvage/rejected_salvage.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "store/rejected/refused_codec.h"
#include "store/rejected/rejected_pack.h"
#include "tests/store/salvage/salvage_harness.h"
#include "tests/support/bytes_file.h"

namespace tally::store {
namespace {

/// Eight packs of two refused events each, and where they begin.
class RejectedSalvageTest : public testing::Test {
 protected:
  static constexpr std::size_t kPacks = 8;

  RejectedSalvageTest() : bytes_(encode(RejectedHeader{.store = {}, .number = 42})) {
    RefusedPacker packer;
    for (std::size_t i = 0; i < kPacks; ++i) {
      starts_.push_back(bytes_.size());
      std::vector<RefusedEvent> events(2);
      for (RefusedEvent& event : events) {
        event.reason = "reason " + std::to_string(events_.size());
        events_.push_back(event);
      }
      bytes_ += encode(RejectedPack{
          .client = "ci", .index = 2 * i, .count = 2, .frame = std::string(packer.pack(events))});
    }
    starts_.push_back(bytes_.size());
  }

  /// What comes out; nothing that did not go in.
  std::vector<RefusedEvent> salvage(const std::string& bytes) {
    tests::SalvagedContents contents;
    tests::BytesFile file(bytes);
    auto found = salvage_rejected(file, collect(contents));
    EXPECT_TRUE(found);
    if (found) findings_ = std::move(found).value();
    for (const RefusedEvent& event : contents.refused) {
      EXPECT_NE(std::ranges::find(events_, event), events_.end());
    }
    return contents.refused;
  }

  std::string bytes_;
  std::vector<std::size_t> starts_;
  std::vector<RefusedEvent> events_;
  SalvageFindings findings_;
};

TEST_F(RejectedSalvageTest, GivesAllOfAWholeFile) {
  EXPECT_EQ(salvage(bytes_), events_);
  EXPECT_TRUE(findings_.damage.empty());
  EXPECT_EQ(findings_.number, 42U);
}

TEST_F(RejectedSalvageTest, AFlippedBitCostsOnePackAtMost) {
  for (std::size_t at = 0; at < bytes_.size(); ++at) {
    SCOPED_TRACE(at);
    const auto events = salvage(tests::flipped(bytes_, at));
    EXPECT_EQ(events.size(), at < starts_[0] ? events_.size() : events_.size() - 2);
    EXPECT_EQ(findings_.damage.size(), 1U);
    if (HasFailure()) return;
  }
}

TEST_F(RejectedSalvageTest, PacksBehindMissingBytesAreFound) {
  for (std::size_t at = starts_[0]; at + 20 < bytes_.size(); at += 5) {
    SCOPED_TRACE(at);
    EXPECT_GE(salvage(tests::without(bytes_, at, 20)).size(), events_.size() - 4);
  }
  EXPECT_EQ(salvage(bytes_.substr(0, starts_[3] + 4)).size(), 6U);
}

}  // namespace
}  // namespace tally::store
