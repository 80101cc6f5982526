#include "shipper/letter_text.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace tally::tests {
namespace {

using shipper::DeadLetter;
using shipper::letter_text;
using shipper::read_letter;

constexpr UtcTime kReceived{std::chrono::nanoseconds{1769205300123456789}};
constexpr UtcTime kNow{std::chrono::seconds{1769205309}};

TEST(LetterText, IsReadBackAsItWas) {
  const DeadLetter letter{Sequence{4711}, kReceived, "too \"old\"\n", R"({"a":"b\n\u00e4"})"};
  std::string text = letter_text(letter, kNow);
  ASSERT_TRUE(text.ends_with('\n'));
  text.pop_back();
  const auto read = read_letter(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->sequence, letter.sequence);
  EXPECT_EQ(read->received, letter.received);
  EXPECT_EQ(read->reason, letter.reason);
  EXPECT_EQ(read->line, letter.line);
}

TEST(LetterText, OneWithoutATimeOfReceiptHasThatOfItsRefusal) {
  const auto read =
      read_letter(R"({"seq":7,"refused":"2026-01-23T21:55:09Z","reason":"no","line":"{}"})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->received, kNow);
}

TEST(LetterText, WhatMissesAnythingIsDamaged) {
  std::string text = letter_text({Sequence{1}, kReceived, "no", "{}"}, kNow);
  text.pop_back();
  ASSERT_TRUE(read_letter(text));
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(read_letter(text.substr(0, size))) << size;
  }
  EXPECT_FALSE(read_letter(text + "}"));
  EXPECT_FALSE(
      read_letter(R"({"seq":0,"refused":"2026-01-23T21:55:09Z","reason":"no","line":"{}"})"));
  EXPECT_FALSE(read_letter(R"({"seq":7,"refused":"yesterday","reason":"no","line":"{}"})"));
  EXPECT_FALSE(
      read_letter(R"({"seq":7,"refused":"2026-01-23T21:55:09Z","reason":"no","line":"a\nb"})"));
}

}  // namespace
}  // namespace tally::tests
