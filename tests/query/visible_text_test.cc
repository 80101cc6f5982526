#include "query/visible_text.h"

#include <gtest/gtest.h>

namespace tally::query {
namespace {

std::string visible(std::string_view text) {
  std::string out;
  append_visible(out, text);
  return out;
}

TEST(VisibleText, CopiesWhatShows) {
  EXPECT_EQ(visible("größe 容器 🐳 \\"), "größe 容器 🐳 \\");
  EXPECT_EQ(visible(""), "");
}

TEST(VisibleText, TakesThePowerFromControlCharacters) {
  EXPECT_EQ(visible("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
  EXPECT_EQ(visible("a\nb\tc\r"), "a\\nb\\tc\\r");
  EXPECT_EQ(visible("\x7F"), "\\x7f");
  EXPECT_EQ(visible("\xC2\x9B"
                    "31m"),
            "\\x9b31m");  // the CSI of C1
  EXPECT_EQ(visible("a\xE2\x80\xAE"
                    "b"),
            "a\\u{202e}b");  // right-to-left override
  EXPECT_EQ(visible("\xE2\x80\xA8"), "\\u{2028}");
  EXPECT_EQ(visible(std::string_view("\0", 1)), "\\x00");
}

TEST(VisibleText, ShowsInvalidBytes) {
  EXPECT_EQ(visible("a\xFF"
                    "b"),
            "a\\xffb");
  EXPECT_EQ(visible("\xC3"), "\\xc3");
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("größe"), 5u);
  EXPECT_EQ(display_width("容器"), 4u);
  EXPECT_EQ(display_width("🐳"), 2u);
  EXPECT_EQ(display_width("e\xCC\x81"), 1u);
}

}  // namespace
}  // namespace tally::query
