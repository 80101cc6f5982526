#include "query/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include "tests/query/pipe_reader.h"

namespace tally::query {
namespace {

TEST(Output, WritesEverythingInOrder) {
  PipeReader reader;
  Output output(reader.fd());
  std::string expected;
  for (int i = 0; i < 100'000; ++i) {
    output.text() += std::to_string(i) + "\n";
    expected += std::to_string(i) + "\n";
    ASSERT_TRUE(output.flush_if_full());
  }
  ASSERT_TRUE(output.finish());
  EXPECT_EQ(reader.text(), expected);
}

TEST(Output, AReaderThatHasGoneIsNoError) {
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  Output output(ends[1]);
  output.look_for_reader();
  EXPECT_FALSE(output.is_closed());
  close(ends[0]);
  output.text() = "x";
  EXPECT_TRUE(output.flush());
  EXPECT_TRUE(output.is_closed());
  Output idle(ends[1]);
  idle.look_for_reader();
  EXPECT_TRUE(idle.is_closed());
  close(ends[1]);
}

TEST(Output, AFullDiskIsOne) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  Output output(full);
  output.text() = "x";
  EXPECT_EQ(output.flush().error().code, Errc::no_space);
  close(full);
}

class OutputWithPager : public testing::Test {
 protected:
  std::string shown(std::string_view text, std::size_t rows) {
    PipeReader reader;
    {
      PagerOptions pager;
      pager.command = "sed s/^/paged:/ >&" + std::to_string(reader.fd());
      pager.rows = rows;
      Output output(reader.fd(), pager);
      output.text() = text;
      EXPECT_TRUE(output.finish());
    }
    return reader.text();
  }
};

TEST_F(OutputWithPager, ShortOutputGoesStraightOut) { EXPECT_EQ(shown("a\nb\n", 3), "a\nb\n"); }

TEST_F(OutputWithPager, LongOutputGoesThroughThePager) {
  EXPECT_EQ(shown("a\nb\nc\n", 3), "paged:a\npaged:b\npaged:c\n");
  EXPECT_EQ(shown(std::string(200, 'x') + "\n", 3), "paged:" + std::string(200, 'x') + "\n");
}

TEST_F(OutputWithPager, APagerThatLeavesIsNoError) {
  std::signal(SIGPIPE, SIG_IGN);
  PipeReader reader;
  PagerOptions pager;
  pager.command = "true";
  Output output(reader.fd(), pager);
  for (int i = 0; i < 100 && !output.is_closed(); ++i) {
    output.text() = std::string(100'000, 'x');
    ASSERT_TRUE(output.flush());
  }
  EXPECT_TRUE(output.is_closed());
  EXPECT_TRUE(output.finish());
}

}  // namespace
}  // namespace tally::query
