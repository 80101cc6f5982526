#include "shipper/loki/loki_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tally::shipper {
namespace {

using testing::HasSubstr;
using testing::Not;

LokiAnswer answer_of(int status, std::string body = "") {
  net::ClientResponse response;
  response.status = status;
  response.body = std::move(body);
  return read_answer(response);
}

TEST(LokiAnswer, OnlyOneStatusIsSuccess) {
  EXPECT_EQ(answer_of(204).verdict, Verdict::stored);
  for (const int status : {200, 201, 202, 206, 260, 299, 302, 401, 403, 404, 405, 415, 422}) {
    EXPECT_EQ(answer_of(status).verdict, Verdict::stop) << status;
  }
  for (const int status : {408, 429, 499, 500, 502, 503, 504}) {
    EXPECT_EQ(answer_of(status).verdict, Verdict::retry) << status;
  }
  EXPECT_EQ(answer_of(413).verdict, Verdict::split);
  EXPECT_EQ(answer_of(400).verdict, Verdict::refused);
}

TEST(LokiAnswer, LearnsWhatAStreamMayHave) {
  const auto limit_of = [](const std::string& limit, int status = 429) {
    return answer_of(status, "Per stream rate limit exceeded (limit: " + limit +
                                 "/sec) while attempting to ingest for stream '{a=\"b\"}'")
        .stream_bytes_per_second;
  };
  EXPECT_EQ(limit_of("3MB"), 3U * 1024 * 1024);
  EXPECT_EQ(limit_of("1.5KB"), 1536U);
  EXPECT_EQ(limit_of("512B"), 512U);
  EXPECT_EQ(limit_of("-1MB"), 0U);
  EXPECT_EQ(limit_of("a lot"), 0U);
  EXPECT_EQ(limit_of("3"), 0U);
  EXPECT_EQ(limit_of("3MB", 500), 0U);
  EXPECT_EQ(answer_of(429, "Ingestion rate limit exceeded").stream_bytes_per_second, 0U);
}

TEST(LokiAnswer, KnowsWhatConcernsSingleEntries) {
  const auto late = answer_of(
      400,
      "entry with timestamp 2026-01-01 00:00:00 ignored, reason: 'entry too far behind, entry "
      "timestamp is: x, oldest acceptable timestamp is: y',\nuser 'fake', total ignored: 3 out of "
      "10 for stream: {a=\"b\"}");
  EXPECT_EQ(late.verdict, Verdict::refused);
  EXPECT_TRUE(late.late);
  EXPECT_TRUE(late.known);
  EXPECT_EQ(late.refused_count, 3U);

  const auto mixed = answer_of(400,
                               "2 errors like: entry for stream '{}' has timestamp too old: x; "
                               "14 errors like: Max entry size '9' bytes exceeded");
  EXPECT_FALSE(mixed.late);
  EXPECT_TRUE(mixed.known);
  EXPECT_EQ(mixed.refused_count, 16U);

  const auto strange = answer_of(400, "cats");
  EXPECT_EQ(strange.verdict, Verdict::refused);
  EXPECT_FALSE(strange.known);
}

TEST(LokiAnswer, StopsForWhatConcernsAllThereIs) {
  for (const char* reason :
       {"1 errors like: entry for stream '{}' has 16 label names; limit 15",
        "stream '{}' includes structured metadata, but this feature is disallowed.",
        "Error parsing labels '{' with error: x", "no org id"}) {
    EXPECT_EQ(answer_of(400, reason).verdict, Verdict::stop) << reason;
    EXPECT_THAT(answer_of(400, reason).reason, HasSubstr(reason));
  }
}

TEST(LokiAnswer, ExcerptsArePrintableAndShort) {
  EXPECT_EQ(printable_excerpt("a\x1b[31m\nb\xff\n"), "a [31m b");
  EXPECT_EQ(printable_excerpt(std::string(1000, 'x')), std::string(300, 'x'));
  EXPECT_THAT(answer_of(404, "\x1b[2J").reason, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace tally::shipper
