#include "ingest/post_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tally::ingest {
namespace {

using ::testing::HasSubstr;

TEST(PostAnswer, ReadsAVerdict) {
  const auto answer = read_post_answer(
      R"({"accepted":2,"first_seq":7,"last_seq":8,"rejected":[{"line":3,"reason":"a \"b\""}]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().accepted, 2u);
  EXPECT_EQ(answer.value().first, Sequence{7});
  EXPECT_EQ(answer.value().last, Sequence{8});
  EXPECT_EQ(answer.value().rejected_total, 1u);
  ASSERT_EQ(answer.value().rejected.size(), 1u);
  EXPECT_EQ(answer.value().rejected[0].line, 3u);
  EXPECT_EQ(answer.value().rejected[0].reason, "a \"b\"");
  EXPECT_EQ(answer.value().error, "");
}

TEST(PostAnswer, TheTotalMayBeMoreThanTheList) {
  const auto answer = read_post_answer(
      R"({"accepted":0,"rejected":[{"line":1,"reason":"x"}],"rejected_total":5000})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().rejected_total, 5000u);
  EXPECT_EQ(answer.value().first, Sequence{0});
}

TEST(PostAnswer, ReadsWhyNothingWasTaken) {
  EXPECT_EQ(read_post_answer(R"({"error":"disk full"})").value().error, "disk full");
}

TEST(PostAnswer, AnotherServersAnswerIsQuoted) {
  for (const char* body : {"", "<html>", "[1]", "3", R"({"status":"ok"})"}) {
    const auto answer = read_post_answer(body);
    ASSERT_FALSE(answer) << body;
    EXPECT_THAT(answer.error().context, HasSubstr(body));
  }
}

}  // namespace
}  // namespace tally::ingest
