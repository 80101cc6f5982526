#include "ingest/answer_text.h"

#include <gtest/gtest.h>

#include <vector>

#include "ingest/post_answer.h"

namespace tally::ingest {
namespace {

std::string answer(std::uint32_t accepted, Sequence first, const std::vector<Refusal>& refusals) {
  std::string text;
  append_answer(text, accepted, first, describe(refusals));
  return text;
}

Refusal refusal(std::uint32_t line, std::string reason) {
  Refusal made;
  made.line = line;
  made.reason = std::move(reason);
  return made;
}

TEST(AnswerText, SaysWhatWasAccepted) {
  EXPECT_EQ(answer(2, Sequence{8}, {}),
            "{\"accepted\":2,\"first_seq\":8,\"last_seq\":9,\"rejected\":[]}\n");
}

TEST(AnswerText, SaysWhatWasRefusedAndWhy) {
  EXPECT_EQ(answer(1, Sequence{1}, {refusal(2, "a \"b\""), refusal(4, "c")}),
            "{\"accepted\":1,\"first_seq\":1,\"last_seq\":1,\"rejected\":["
            "{\"line\":2,\"reason\":\"a \\\"b\\\"\"},{\"line\":4,\"reason\":\"c\"}],"
            "\"rejected_total\":2}\n");
}

TEST(AnswerText, HasNoSequencesWhereNothingWasAccepted) {
  EXPECT_EQ(answer(0, Sequence{5}, {refusal(1, "x")}),
            "{\"accepted\":0,\"first_seq\":null,\"last_seq\":null,\"rejected\":["
            "{\"line\":1,\"reason\":\"x\"}],\"rejected_total\":1}\n");
}

TEST(AnswerText, ListsTheFirstThousandAndCountsAll) {
  std::vector<Refusal> refusals(1500, refusal(1, "x"));
  refusals.back().events = 501;
  const auto read = read_post_answer(answer(0, Sequence{}, refusals));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read.value().rejected.size(), 1000U);
  EXPECT_EQ(read.value().rejected_total, 2000U);
}

}  // namespace
}  // namespace tally::ingest
