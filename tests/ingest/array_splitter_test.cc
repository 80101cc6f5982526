#include "ingest/array_splitter.h"

#include <gtest/gtest.h>

#include <string>

namespace tally::ingest {
namespace {

constexpr std::size_t kOpen = std::string_view::npos;

TEST(ValueEnd, FollowsStringsAndBrackets) {
  EXPECT_EQ(value_end("{}", 0), 2U);
  EXPECT_EQ(value_end(R"({"a":[1,{"b":"}]"}]} tail)", 0), 20U);
  EXPECT_EQ(value_end(R"("a\"b\\" tail)", 0), 8U);
  EXPECT_EQ(value_end("12,3", 0), 2U);
  EXPECT_EQ(value_end("x12]", 1), 3U);
  EXPECT_EQ(value_end("}", 0), 1U);
}

TEST(ValueEnd, IsNoneWhereTheTextEndsFirst) {
  for (const char* text : {"{", "[", "\"", "\"\\", "\"\\\"", "{\"a\":[}", "{\"a}"}) {
    EXPECT_EQ(value_end(text, 0), kOpen) << text;
  }
}

std::string pieces(std::string_view text) {
  ArraySplitter splitter(text, 0);
  std::string out;
  while (const auto element = splitter.next()) {
    constexpr std::string_view kMarks[] = {"", "!", "?", "open", "behind:"};
    out += kMarks[static_cast<std::size_t>(element->flaw)];
    out += '<' + std::string(text.substr(element->begin, element->end - element->begin)) + '>';
  }
  return out;
}

TEST(ArraySplitter, GivesElementsWithoutTheirBlanks) {
  EXPECT_EQ(pieces("]"), "");
  EXPECT_EQ(pieces(" 1 ]\n"), "<1>");
  EXPECT_EQ(pieces("{\"a\":[1,2]} ,\n[3,4],\"x,]\"]"), "<{\"a\":[1,2]}><[3,4]><\"x,]\">");
}

TEST(ArraySplitter, AFlawCostsOneElement) {
  EXPECT_EQ(pieces("1 2,3]"), "<1>!<2><3>");
  EXPECT_EQ(pieces("1,,2]"), "<1>?<><2>");
  EXPECT_EQ(pieces(",1]"), "?<><1>");
  EXPECT_EQ(pieces("1,]"), "<1>?<>");
  EXPECT_EQ(pieces("1,2"), "<1><2>open<>");
  EXPECT_EQ(pieces("1,"), "<1>open<>");
  EXPECT_EQ(pieces(""), "open<>");
  EXPECT_EQ(pieces("1,{2,3]"), "<1><{2,3]>open<>");
  EXPECT_EQ(pieces("1,{2,3"), "<1><{2,3>");
  EXPECT_EQ(pieces("1] 2]"), "<1>behind:<2]>");
  EXPECT_EQ(pieces("},1]"), "<}><1>");
}

}  // namespace
}  // namespace tally::ingest
