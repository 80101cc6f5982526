#include "ingest/json_escapes.h"

#include <gtest/gtest.h>

namespace tally::ingest {
namespace {

std::string meaning(std::string_view text) {
  EXPECT_EQ(check_escapes(text).flaw, EscapeFlaw::none) << text;
  std::string out;
  append_unescaped(out, text);
  return out;
}

TEST(JsonEscapes, MeanWhatRfc8259Says) {
  EXPECT_EQ(meaning(""), "");
  EXPECT_EQ(meaning("plain größe"), "plain größe");
  EXPECT_EQ(meaning(R"(\"\\\/\b\f\n\r\t)"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(meaning(R"(\u0041\u00e9\u20AC\ud83d\udc33.)"), "Aé€🐳.");
  EXPECT_EQ(meaning(R"(\u0000)"), std::string(1, '\0'));
  EXPECT_EQ(meaning(R"(\\u0041)"), "\\u0041");
}

TEST(JsonEscapes, FlawsAreFoundWhereTheyAre) {
  const auto check = [](std::string_view text, EscapeFlaw flaw, std::size_t offset) {
    EXPECT_EQ(check_escapes(text).flaw, flaw) << text;
    EXPECT_EQ(check_escapes(text).offset, offset) << text;
  };
  check(R"(ab\x)", EscapeFlaw::unknown, 2);
  check(R"(\\\')", EscapeFlaw::unknown, 2);
  check("\\", EscapeFlaw::unknown, 0);
  check(R"(\u)", EscapeFlaw::short_unicode, 0);
  check(R"(a\u12)", EscapeFlaw::short_unicode, 1);
  check(R"(\u12g4)", EscapeFlaw::short_unicode, 0);
  check(R"(\n\ud800)", EscapeFlaw::lone_surrogate, 2);
  check(R"(\udc33)", EscapeFlaw::lone_surrogate, 0);
  check(R"(\ud83dx)", EscapeFlaw::lone_surrogate, 0);
  check(R"(\ud83d\n)", EscapeFlaw::lone_surrogate, 0);
  check(R"(\ud83d\ud83d\udc33)", EscapeFlaw::lone_surrogate, 0);
  check(R"(\ud83d\udc33\udc33)", EscapeFlaw::lone_surrogate, 12);
}

TEST(JsonEscapes, CodePointsAreCountedNotBytes) {
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points("größe 🐳"), 7U);
}

}  // namespace
}  // namespace tally::ingest
