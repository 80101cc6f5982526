#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "app/event_target.h"
#include "model/clock.h"
#include "store/cursor.h"
#include "store/disk/posix_file_system.h"
#include "store/rejected/refused_walk.h"
#include "store/store.h"
#include "tests/support/temporary_directory.h"

namespace tally::app {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kGood =
    R"({"timestamp":"2026-01-23T21:55:09Z","service":"s","operation":"list","success":true})";
constexpr std::string_view kBad = R"({"timestamp":"2026-01-23T21:55:09Z"})";

class StoreTarget : public ::testing::Test {
 protected:
  std::string directory() const { return (temporary_.path() / "data").string(); }

  // A body with the padding that a target wants behind it.
  Result<ingest::PostAnswer> write(EventTarget& target, const std::string& lines,
                                   std::uint64_t offset) {
    body_ = lines;
    body_.resize(lines.size() + ingest::Validator::kPadding);
    return target.write(std::span(body_.data(), lines.size()), ingest::BodyForm::ndjson,
                        EventOrigin{SourceKind::import, "old.jsonl", offset});
  }

  tests::TemporaryDirectory temporary_;
  store::PosixFileSystem files_;
  SystemClock clock_;
  CommandContext context_{clock_, files_, Terminal{}};
  std::string body_;
};

TEST_F(StoreTarget, StoresGoodAndBadLinesWithTheirOffsets) {
  {
    auto target = open_store_target(context_, directory());
    ASSERT_TRUE(target) << target.error().context;
    const std::string lines =
        std::string(kGood) + "\n" + std::string(kBad) + "\n\r\n" + std::string(kGood) + "\r\n";
    const auto answer = write(*target.value(), lines, 1000);
    ASSERT_TRUE(answer) << answer.error().context;
    EXPECT_EQ(answer.value().accepted, 2u);
    EXPECT_EQ(to_number(answer.value().first), 1u);
    EXPECT_EQ(to_number(answer.value().last), 2u);
    ASSERT_EQ(answer.value().rejected.size(), 1u);
    EXPECT_EQ(answer.value().rejected[0].line, 2u);
  }
  auto cursor = store::Cursor::open(files_, directory());
  ASSERT_TRUE(cursor);
  const auto chunk = cursor.value().next();
  ASSERT_TRUE(chunk && chunk.value());
  EXPECT_EQ(chunk.value()->lines, std::string(kGood) + "\n" + std::string(kGood) + "\n");
  ASSERT_EQ(chunk.value()->runs.size(), 2u);
  EXPECT_EQ(chunk.value()->runs[0].offset, 1000u);
  EXPECT_EQ(chunk.value()->runs[1].offset, 1000 + kGood.size() + 1 + kBad.size() + 3);
  EXPECT_EQ(chunk.value()->runs[1].source, "old.jsonl");
  ASSERT_FALSE(cursor.value().next().value());
  auto walk = std::move(store::RefusedWalk::open(files_, directory())).value();
  const auto refused = walk.next().value();
  ASSERT_TRUE(refused);
  ASSERT_EQ(refused->size(), 1u);
  EXPECT_EQ(refused->front().bytes, kBad);
  EXPECT_EQ(refused->front().offset, 1000 + kGood.size() + 1);
}

TEST_F(StoreTarget, ALargePieceIsCutIntoFramesThatLoseNothing) {
  for (const std::string line_end : {"\n", "\r\n"}) {
    const std::string data = directory() + std::to_string(line_end.size());
    const std::string input_line = std::string(kGood) + line_end;
    std::string lines;
    while (lines.size() < 3 * 1024 * 1024) lines += input_line;
    {
      auto target = open_store_target(context_, data);
      ASSERT_TRUE(write(*target.value(), lines, 1000));
    }
    auto cursor = store::Cursor::open(files_, data);
    std::size_t events = 0;
    int chunks = 0;
    for (auto chunk = cursor.value().next(); chunk.value(); chunk = cursor.value().next()) {
      ASSERT_EQ(chunk.value()->runs.size(), 1u);
      EXPECT_EQ(chunk.value()->runs[0].offset, 1000 + events * input_line.size());
      events += chunk.value()->count;
      ++chunks;
    }
    EXPECT_EQ(events, lines.size() / input_line.size());
    EXPECT_GE(chunks, 3);
  }
}

TEST_F(StoreTarget, AStoreHeldWithoutAnAddressIsAnErrorThatNamesTheHolder) {
  store::StoreOptions options;
  options.directory = directory();
  const auto holder = store::Store::open(files_, clock_, options);
  ASSERT_TRUE(holder);
  const auto target = open_store_target(context_, directory());
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().code, Errc::held);
  EXPECT_THAT(target.error().context, HasSubstr(std::to_string(getpid())));
}

}  // namespace
}  // namespace tally::app
