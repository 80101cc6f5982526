#include "bench/store_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "bench/temp_directory.h"
#include "model/clock.h"
#include "store/disk/posix_file_system.h"
#include "store/journal/frame_encoder.h"
#include "store/store.h"

namespace tally::bench {
namespace {

using testing::HasSubstr;

// A store that holds the given requests, one commit each.
class StoreCheck : public testing::Test {
 protected:
  void store_requests(const std::vector<std::string>& requests) {
    store::PosixFileSystem files;
    const SystemClock clock;
    store::StoreOptions options;
    options.directory = directory_.path();
    options.file_bytes = 1024 * 1024;
    auto store = store::Store::open(files, clock, options);
    ASSERT_TRUE(store) << to_string(store.error());
    store::FrameEncoder encoder;
    for (const std::string& lines : requests) {
      store::Batch batch;
      const auto events = static_cast<std::uint32_t>(std::count(lines.begin(), lines.end(), '\n'));
      batch.frames.push_back(encoder.encode(lines, events));
      batch.runs.push_back(
          {.count = events, .received = clock.now(), .source = "127.0.0.1", .client = ""});
      std::promise<bool> committed;
      store.value()->submit(std::move(batch), [&committed](const store::CommitResult& result) {
        committed.set_value(result.has_value());
      });
      ASSERT_TRUE(committed.get_future().get());
    }
  }

  Result<StoreFindings> check(std::vector<Acknowledged> acknowledged) const {
    return check_store(directory_.path(), bodies_, std::move(acknowledged));
  }

  std::string failure(std::vector<Acknowledged> acknowledged) const {
    const auto findings = check(std::move(acknowledged));
    return findings ? "nothing wrong" : to_string(findings.error());
  }

  const std::string a_ = "a1\na2\na3\n";
  const std::string b_ = "b1\nb2\n";
  const std::vector<PostedBody> bodies_{{.lines = a_, .events = 3}, {.lines = b_, .events = 2}};
  const TempDirectory directory_;
};

TEST_F(StoreCheck, FindsWhatWasAcknowledged) {
  store_requests({b_, a_});
  const auto findings = check({{.body = 0, .first_seq = 3}, {.body = 1, .first_seq = 1}});
  ASSERT_TRUE(findings) << to_string(findings.error());
  EXPECT_EQ(findings.value().events, 5U);
  EXPECT_EQ(findings.value().acknowledged_requests, 2U);
  EXPECT_EQ(findings.value().acknowledged_events, 5U);
  EXPECT_EQ(findings.value().survivors, 0U);
}

TEST_F(StoreCheck, CountsRequestsThatWereNotAnsweredAndAreThereWhole) {
  store_requests({a_, a_, b_});
  const auto findings = check({{.body = 0, .first_seq = 4}});
  ASSERT_TRUE(findings) << to_string(findings.error());
  EXPECT_EQ(findings.value().acknowledged_events, 3U);
  EXPECT_EQ(findings.value().survivors, 2U);
  EXPECT_EQ(findings.value().survivor_events, 5U);
  EXPECT_EQ(findings.value().survivors_by_body, (std::vector<std::uint64_t>{1, 1}));
}

TEST_F(StoreCheck, MissesWhatIsLostAtTheEnd) {
  store_requests({a_});
  EXPECT_THAT(failure({{.body = 0, .first_seq = 1}, {.body = 1, .first_seq = 4}}),
              HasSubstr("sequence 4: acknowledged, and lost"));
}

TEST_F(StoreCheck, SeesAnotherRequestWhereOneWasAcknowledged) {
  store_requests({a_, a_});
  EXPECT_THAT(failure({{.body = 1, .first_seq = 4}}), HasSubstr("not byte for byte"));
  EXPECT_THAT(failure({{.body = 0, .first_seq = 2}}), HasSubstr("overlaid"));
}

TEST_F(StoreCheck, SeesAlteredBytes) {
  store_requests({"a1\na2\nA3\n"});
  EXPECT_THAT(failure({{.body = 0, .first_seq = 1}}), HasSubstr("not byte for byte"));
}

TEST_F(StoreCheck, SeesARequestThatIsThereOnlyInPart) {
  store_requests({"a1\na2\n", b_});
  EXPECT_THAT(failure({}), HasSubstr("not whole"));
}

TEST_F(StoreCheck, SeesARequestThatIsCutOffAtTheEnd) {
  store_requests({b_, "a1\na2\n"});
  EXPECT_THAT(failure({}), HasSubstr("cut off"));
}

TEST_F(StoreCheck, SeesEventsFromNowhere) {
  store_requests({"c1\n"});
  EXPECT_THAT(failure({}), HasSubstr("not the start of a request"));
}

TEST_F(StoreCheck, NeedsAStore) { EXPECT_THAT(failure({}), HasSubstr("not found")); }

}  // namespace
}  // namespace tally::bench
