#include "model/json_text.h"

#include <gtest/gtest.h>

namespace tally {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, CopiesPlainTextAndUnicode) {
  EXPECT_EQ(quoted(""), R"("")");
  EXPECT_EQ(quoted("container-engine"), R"("container-engine")");
  EXPECT_EQ(quoted("größe 容器 🐳"), R"("größe 容器 🐳")");
}

TEST(JsonString, EscapesQuotesAndControls) {
  EXPECT_EQ(quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(quoted("a\nb\tc\r"), R"("a\nb\tc\r")");
  EXPECT_EQ(quoted(std::string_view("\x00\x1b[31m\x7f", 7)), R"("\u0000\u001b[31m\u007f")");
}

TEST(JsonString, ReplacesInvalidUtf8) {
  EXPECT_EQ(quoted("a\xff"
                   "b"),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(quoted("\xC0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
  EXPECT_EQ(quoted("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // surrogate
  EXPECT_EQ(quoted("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // cut off
}

}  // namespace
}  // namespace tally
