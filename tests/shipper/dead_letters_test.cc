#include "shipper/dead_letters.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

using shipper::DeadLetters;

constexpr UtcTime kReceived{std::chrono::seconds{1769205300}};

class DeadLettersTest : public testing::Test {
 protected:
  DeadLetters open() {
    return std::move(DeadLetters::open(files_, clock_, paths_, "loki")).value();
  }

  std::string text() {
    const auto file = std::move(files_.open(path_, store::OpenMode::read)).value();
    std::string text(file->size().value(), '\0');
    EXPECT_TRUE(file->read_at(0, text));
    return text;
  }

  FaultFileSystem files_;
  ManualClock clock_;
  store::StorePaths paths_{"/store"};
  store::Path path_ = paths_.cursors() / "loki.dead";
};

TEST_F(DeadLettersTest, KeepTheLineAndTheReason) {
  DeadLetters letters = open();
  ASSERT_TRUE(letters.add(Sequence{7}, kReceived, R"({"a":"b\n"})", "too \"old\""));
  ASSERT_TRUE(letters.sync());
  EXPECT_EQ(letters.count(), 1U);
  EXPECT_EQ(text(), R"({"seq":7,"received":"2026-01-23T21:55:00Z",)"
                    R"("refused":"2026-01-23T21:55:09Z","reason":"too \"old\"",)"
                    R"("line":"{\"a\":\"b\\n\"}"})"
                    "\n");
}

TEST_F(DeadLettersTest, AreThereOnceThoughAddedAgainAfterACrash) {
  {
    DeadLetters letters = open();
    ASSERT_TRUE(letters.add(Sequence{7}, kReceived, "{}", "no"));
    ASSERT_TRUE(letters.sync());
  }
  const std::string before = text();
  DeadLetters letters = open();
  EXPECT_EQ(letters.count(), 1U);
  ASSERT_TRUE(letters.add(Sequence{7}, kReceived, "{}", "no"));
  EXPECT_EQ(text(), before);
  ASSERT_TRUE(letters.add(Sequence{8}, kReceived, "{}", "no"));
  EXPECT_EQ(letters.count(), 2U);
}

TEST_F(DeadLettersTest, ALineThatWasCutOffIsWrittenAnew) {
  {
    DeadLetters letters = open();
    ASSERT_TRUE(letters.add(Sequence{7}, kReceived, "{}", "no"));
    ASSERT_TRUE(letters.add(Sequence{8}, kReceived, "{}", "no"));
  }
  const std::string whole = text();
  const auto file = std::move(files_.open(path_, store::OpenMode::write)).value();
  ASSERT_TRUE(file->truncate(whole.size() - 3));
  DeadLetters letters = open();
  EXPECT_EQ(letters.count(), 1U);
  ASSERT_TRUE(letters.add(Sequence{8}, kReceived, "{}", "no"));
  EXPECT_EQ(text(), whole);
}

TEST_F(DeadLettersTest, ADamagedLineIsKeptOnceAndHidesNoLetter) {
  const std::string damaged = R"({"seq":7,"refused":"2026-01-23T21:55:09Z","rea)";
  {
    DeadLetters letters = open();
    ASSERT_TRUE(letters.keep(damaged));
    ASSERT_TRUE(letters.sync());
  }
  DeadLetters letters = open();
  ASSERT_TRUE(letters.keep(damaged));
  EXPECT_EQ(text(), damaged + "\n");
  ASSERT_TRUE(letters.add(Sequence{7}, kReceived, "{}", "no"));
  EXPECT_EQ(letters.count(), 1U);
  EXPECT_NE(text().find(R"("line":"{}")"), std::string::npos);
}

TEST_F(DeadLettersTest, HaveABound) {
  DeadLetters letters =
      std::move(DeadLetters::open(files_, clock_, paths_, "loki", 8 * 1024)).value();
  const std::string line(1024, 'x');
  for (std::uint64_t i = 1; i <= 7; ++i)
    ASSERT_TRUE(letters.add(Sequence{i}, kReceived, line, "no"));
  const auto past = letters.add(Sequence{8}, kReceived, line, "no");
  ASSERT_FALSE(past);
  EXPECT_EQ(past.error().code, Errc::too_large);
}

}  // namespace
}  // namespace tally::tests
