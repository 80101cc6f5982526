#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bench/collector_process.h"
#include "net/http_client.h"
#include "net/url.h"
#include "tests/e2e/command_line.h"

// `tally seal`, `tally segments` and POST /v1/admin/seal, with and without a collector.

namespace tally::tests {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kLine = R"({"timestamp":"2026-01-23T21:55:09.5+01:00","service":"web",)"
                          R"("operation":"list","success":true})";

class SealCommand : public CommandLine {
 protected:
  SealCommand() : collector_({.program = TALLY_PROGRAM, .directory = directory() / "tally-data"}) {
    write("lines", kLine + "\n" + kLine + "\n");
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(collector_.port()); }

  net::ClientResponse post(std::string_view path) const {
    auto client = net::HttpClient::connect(net::Url::parse(address()).value(), {});
    EXPECT_TRUE(client) << client.error().context;
    return client.value().post(path, "application/json", "").value();
  }

  bench::CollectorProcess collector_;  ///< not running unless the test starts it
};

TEST_F(SealCommand, MakesASegmentOfTheJournalAndChangesNoByteOfTheEvents) {
  ASSERT_EQ(tally("import lines").status, 0);
  const std::string before = tally("query -o jsonl").output;
  const Ran none = tally("segments -o jsonl");
  EXPECT_EQ(none.status, 0);
  EXPECT_EQ(none.output, "");
  const Ran sealed = tally("seal");
  EXPECT_EQ(sealed.status, 0) << complaint();
  EXPECT_EQ(sealed.output, "");
  EXPECT_TRUE(exists("tally-data/segments/00000001.seg"));
  EXPECT_FALSE(exists("tally-data/journal/00000001.jsonl.zst"));
  EXPECT_EQ(tally("query -o jsonl").output, before);
}

TEST_F(SealCommand, SegmentsAreListedAsJsonLinesAndAsATable) {
  ASSERT_EQ(tally("import lines").status, 0);
  ASSERT_EQ(tally("seal").status, 0);
  const Ran jsonl = tally("segments");
  EXPECT_EQ(jsonl.status, 0);
  EXPECT_THAT(
      jsonl.output,
      StartsWith(R"({"number":1,"first_seq":1,"events":2,"earliest":"2026-01-23T20:55:09)"));
  EXPECT_THAT(jsonl.output, HasSubstr("\"lines_bytes\":" + std::to_string(2 * kLine.size() + 2)));
  EXPECT_EQ(complaint(), "");
  const Ran table = tally("segments -o table");
  EXPECT_EQ(table.status, 0);
  EXPECT_THAT(table.output, HasSubstr("earliest"));
  EXPECT_THAT(table.output, HasSubstr("2026-01-23T20:55:09"));
  EXPECT_THAT(complaint(), HasSubstr("1 segments: 2 events"));
}

TEST_F(SealCommand, WithNothingToSealItIsDone) {
  ASSERT_EQ(tally("import lines").status, 0);
  ASSERT_EQ(tally("seal").status, 0);
  const std::string segments = tally("segments").output;
  EXPECT_EQ(tally("seal").status, 0);
  EXPECT_EQ(tally("segments").output, segments);
}

TEST_F(SealCommand, AStoreWithoutEventsHasNoSegments) {
  collector_.start();
  ASSERT_EQ(collector_.stop(), 0);
  EXPECT_EQ(tally("seal").status, 0) << complaint();
  const Ran segments = tally("segments");
  EXPECT_EQ(segments.status, 0) << complaint();
  EXPECT_EQ(segments.output, "");
}

TEST_F(SealCommand, AStoreThatIsNotThereIs2AndNotMade) {
  for (const char* const command : {"seal --data nowhere", "segments --data nowhere"}) {
    const Ran ran = tally(command);
    EXPECT_EQ(ran.status, 2) << command;
    EXPECT_EQ(ran.output, "") << command;
    EXPECT_THAT(complaint(), HasSubstr("there is no store in nowhere")) << command;
  }
  EXPECT_FALSE(exists("nowhere"));
}

TEST_F(SealCommand, MistakesAre2) {
  EXPECT_EQ(tally("seal --data a --url http://127.0.0.1:1").status, 2);
  EXPECT_EQ(tally("seal extra").status, 2);
  EXPECT_EQ(tally("segments -o xml").status, 2);
  EXPECT_EQ(tally("seal --url http://127.0.0.1:1").status, 2) << "nobody listens there";
  EXPECT_NE(complaint(), "");
}

TEST_F(SealCommand, ACollectorThatHoldsTheStoreSealsIt) {
  collector_.start();
  ASSERT_EQ(tally("import --url http://" + address() + " lines").status, 0) << complaint();
  EXPECT_EQ(tally("seal").status, 0) << complaint();
  EXPECT_EQ(collector_.metric("tally_store_segments"), 1);
  ASSERT_EQ(tally("import lines").status, 0) << complaint();
  EXPECT_EQ(tally("seal --url http://" + address()).status, 0) << complaint();
  EXPECT_EQ(collector_.metric("tally_store_segments"), 2);
  EXPECT_THAT(tally("segments").output, HasSubstr("\"first_seq\":3,\"events\":2"));
  EXPECT_EQ(collector_.stop(), 0);
}

TEST_F(SealCommand, TheCollectorAnswersWithWhatThereIs) {
  collector_.start();
  ASSERT_EQ(post("/v1/admin/seal").body, R"({"segments":0,"bytes":0})");
  ASSERT_EQ(tally("import lines").status, 0) << complaint();
  const net::ClientResponse sealed = post("/v1/admin/seal");
  EXPECT_EQ(sealed.status, 200);
  EXPECT_THAT(sealed.body, StartsWith(R"({"segments":1,"bytes":)"));
  EXPECT_EQ(post("/v1/admin/seel").status, 404);
  auto client = net::HttpClient::connect(net::Url::parse(address()).value(), {});
  EXPECT_EQ(client.value().get("/v1/admin/seal").value().status, 405);
}

}  // namespace
}  // namespace tally::tests
