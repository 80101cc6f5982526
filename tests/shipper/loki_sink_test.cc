#include "shipper/loki/loki_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shipper/loki/push_encoder.h"
#include "tests/shipper/loki_receiver.h"
#include "tests/shipper/loki_sink_harness.h"

namespace tally::shipper {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const UtcTime kTime{std::chrono::seconds{1769205309}};

std::vector<std::string> events(std::uint64_t count, UtcTime time = kTime) {
  std::vector<std::string> lines;
  for (std::uint64_t i = 0; i < count; ++i) {
    lines.push_back(event_of(i % 2 == 0 ? "even" : "odd", time + std::chrono::microseconds(i), i));
  }
  return lines;
}

/// Every event from 1 to `count` once.
void expect_all_once(const LokiReceiver& receiver, std::uint64_t count) {
  const auto sequences = receiver.sequences();
  EXPECT_THAT(sequences, SizeIs(count));
  for (const auto& [number, times] : sequences) EXPECT_EQ(times, 1U) << number;
  if (!sequences.empty()) {
    EXPECT_EQ(sequences.begin()->first, 1U);
    EXPECT_EQ(sequences.rbegin()->first, count);
  }
}

TEST(LokiSink, DeliversEveryEventOnce) {
  for (const char* format : {"protobuf", "json"}) {
    LokiReceiver receiver;
    LokiSinkHarness harness(receiver.address(), std::string("batch_bytes=65536&format=") + format);
    const auto lines = events(3000);
    harness.give(lines);
    EXPECT_EQ(harness.arrive(), "");
    expect_all_once(receiver, 3000);
    for (const StoredEntry& entry : receiver.entries()) {
      EXPECT_EQ(entry.line, lines.at(std::stoull(entry.value("seq")) - 1));
    }
    const SinkStats stats = harness.sink().stats();
    EXPECT_EQ(stats.events, 3000U);
    EXPECT_EQ(stats.requests, receiver.bodies().size());
    EXPECT_EQ(stats.retries, 0U);
    EXPECT_EQ(harness.next(), Sequence{3001});
  }
}

TEST(LokiSink, SendsTheSameBytesAgainAfterFailures) {
  for (const int status : {429, 500, 503, 0}) {
    LokiReceiver receiver;
    receiver.answer_next({{status, "busy", {}}, {status, "busy", {}}});
    LokiSinkHarness harness(receiver.address());
    harness.give(events(100));
    EXPECT_EQ(harness.arrive(), "") << status;
    expect_all_once(receiver, 100);
    const auto bodies = receiver.bodies();
    ASSERT_THAT(bodies, SizeIs(3));
    EXPECT_EQ(bodies[0], bodies[1]);
    EXPECT_EQ(bodies[0], bodies[2]);
    EXPECT_EQ(harness.sink().stats().retries, 2U);
    EXPECT_EQ(harness.sink().stats().trouble, "") << "that is over";
  }
}

TEST(LokiSink, GivesAStreamNoMoreThanItMayHave) {
  LokiReceiver receiver;
  receiver.answer_next({{429, "Per stream rate limit exceeded (limit: 80KB/sec) while", {}}});
  LokiSinkHarness harness(receiver.address(), "labels=service&batch_bytes=65536");
  const auto begun = std::chrono::steady_clock::now();
  harness.give(events(1000));
  EXPECT_EQ(harness.arrive(), "");
  expect_all_once(receiver, 1000);
  EXPECT_GT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(1000));
}

TEST(LokiSink, TellsWhyItTriesAgain) {
  LokiReceiver receiver;
  receiver.answer_next({{503, "circuit breaker open", std::chrono::seconds(600)}});
  LokiSinkHarness harness(receiver.address());
  harness.give(events(1));
  ASSERT_TRUE(harness.sink().flush());
  harness.wait_for_stats([](const SinkStats& stats) { return !stats.trouble.empty(); });
  EXPECT_THAT(harness.sink().stats().trouble, HasSubstr("503: circuit breaker open"));
  harness.end();  // and does not wait for ten minutes
}

TEST(LokiSink, StopsForWhatNoWaitHeals) {
  for (const int status : {200, 202, 260, 401, 403, 404}) {
    LokiReceiver receiver;
    receiver.answer_next({{status, "the\nreason", {}}});
    LokiSinkHarness harness(receiver.address());
    harness.give(events(10));
    EXPECT_THAT(harness.arrive(),
                AllOf(HasSubstr(std::to_string(status)), HasSubstr("the reason")));
    EXPECT_EQ(harness.next(), kFirstSequence);
    EXPECT_EQ(receiver.sequences().size(), 0U);
  }
}

TEST(LokiSink, StopsForAConfigurationThatLokiRefuses) {
  LokiReceiver no_metadata(LokiRules{.metadata_allowed = false});
  LokiSinkHarness first(no_metadata.address());
  first.give(events(10));
  EXPECT_THAT(first.arrive(), HasSubstr("limits_config.allow_structured_metadata"));
  EXPECT_EQ(first.next(), kFirstSequence);

  LokiReceiver few_labels(LokiRules{.max_labels = 3});
  LokiSinkHarness second(few_labels.address());
  second.give(events(10));
  EXPECT_THAT(second.arrive(), HasSubstr("4 label names; limit 3"));
  EXPECT_THAT(second.dead_letters(), SizeIs(0));
}

TEST(LokiSink, FindsTheOneThatIsRefusedAmongTenThousand) {
  LokiReceiver receiver(LokiRules{.max_line = 1000});
  LokiSinkHarness harness(receiver.address(), "batch_bytes=4194304");
  auto lines = events(10'000);
  lines[6789] = event_of("even", kTime, 6789) + std::string(1000, ' ');
  harness.give(lines);
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(receiver.sequences(), SizeIs(9999));
  for (const auto& [number, times] : receiver.sequences()) EXPECT_EQ(times, 1U) << number;
  const auto letters = harness.dead_letters();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_THAT(letters[0], AllOf(HasSubstr(R"({"seq":6790,)"), HasSubstr("Max entry size")));
  EXPECT_EQ(harness.sink().stats().dead, 1U);
  EXPECT_EQ(harness.sink().stats().events, 9999U);
  EXPECT_LT(receiver.bodies().size(), 40U) << "halves, and halves of halves";
}

TEST(LokiSink, BuriesAllThatAreRefusedForThemselves) {
  LokiReceiver receiver(LokiRules{.max_line = 10});
  LokiSinkHarness harness(receiver.address());
  harness.give(events(20));
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(harness.dead_letters(), SizeIs(20));
  EXPECT_EQ(harness.next(), Sequence{21});
}

TEST(LokiSink, BuriesTheOneThatIsAloneWithAStrangeReason) {
  LokiReceiver receiver;
  receiver.answer_next({{400, "I do not like it", {}}});
  LokiSinkHarness harness(receiver.address());
  harness.give(events(1));
  EXPECT_EQ(harness.arrive(), "");
  ASSERT_THAT(harness.dead_letters(), SizeIs(1));
  EXPECT_THAT(harness.dead_letters()[0], HasSubstr("I do not like it"));
}

TEST(LokiSink, StopsWhereAllIsRefusedForAStrangeReason) {
  LokiReceiver receiver;
  receiver.answer_next(std::vector<CannedAnswer>(7, {400, "<html>bad request</html>", {}}));
  LokiSinkHarness harness(receiver.address());
  harness.give(events(4));
  EXPECT_THAT(harness.arrive(), HasSubstr("refuses all 4 events"));
  EXPECT_EQ(harness.next(), kFirstSequence);
  EXPECT_THAT(harness.dead_letters(), SizeIs(0));
}

TEST(LokiSink, BuriesLinesThatAreTooLongWithoutAsking) {
  LokiReceiver receiver;
  LokiSinkHarness harness(receiver.address(), "max_line=1024");
  harness.give({event_of("a", kTime, 1) + std::string(1024, ' '), event_of("a", kTime, 2)});
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(receiver.bodies(), SizeIs(1));
  EXPECT_THAT(receiver.sequences(), SizeIs(1));
  ASSERT_THAT(harness.dead_letters(), SizeIs(1));
  EXPECT_THAT(harness.dead_letters()[0], HasSubstr("max_line"));
}

TEST(LokiSink, SplitsWhatIsTooLargeForOneRequest) {
  LokiReceiver receiver(LokiRules{.max_body = 2000});
  LokiSinkHarness harness(receiver.address());
  auto lines = events(200);
  std::string noise;  // that cannot be compressed
  for (std::uint32_t i = 0, x = 1; i < 4000; ++i, x = x * 1664525 + 1013904223) {
    noise += static_cast<char>('A' + (x >> 16) % 50);
  }
  std::ranges::replace(noise, '\\', '_');
  lines[77] = event_of(noise.substr(0, 1900), kTime, 1);
  lines[77].insert(lines[77].size() - 1, R"(,"x":")" + noise + '"');
  harness.give(lines);
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(receiver.sequences(), SizeIs(199));
  ASSERT_THAT(harness.dead_letters(), SizeIs(1));
  EXPECT_THAT(harness.dead_letters()[0], AllOf(HasSubstr(R"({"seq":78,)"), HasSubstr("413")));
}

TEST(LokiSink, GivesEventsThatAreTooOldTheirTimeOfReceipt) {
  LokiReceiver receiver(LokiRules{.now = kTime});
  LokiSinkHarness harness(receiver.address());
  harness.received = kTime - minutes(1);
  auto lines = events(100);
  lines[10] = event_of("even", kTime - hours(24 * 30), 10);
  lines[20] = event_of("odd", kTime + hours(24), 20);
  lines[30] = event_of("even", kTime - hours(2), 30);
  harness.give(lines);
  EXPECT_EQ(harness.arrive(), "");
  expect_all_once(receiver, 100);
  for (const StoredEntry& entry : receiver.entries()) {
    const std::uint64_t number = std::stoull(entry.value("seq")) - 1;
    EXPECT_EQ(entry.line, lines[number]);
    if (number == 10 || number == 20 || number == 30) {
      EXPECT_EQ(entry.time, harness.received);
    } else {
      EXPECT_EQ(entry.time, kTime + std::chrono::microseconds(number));
    }
  }
  EXPECT_THAT(harness.dead_letters(), SizeIs(0));
}

TEST(LokiSink, BuriesLateEventsWhereItIsToldTo) {
  LokiReceiver receiver(LokiRules{.now = kTime});
  LokiSinkHarness harness(receiver.address(), "late=dead-letter");
  harness.received = kTime;
  auto lines = events(100);
  lines[10] = event_of("even", kTime - hours(24 * 30), 10);
  lines[30] = event_of("even", kTime - hours(2), 30);
  harness.give(lines);
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(receiver.sequences(), SizeIs(98));
  const auto letters = harness.dead_letters();
  ASSERT_THAT(letters, SizeIs(2));
  EXPECT_THAT(letters[0], HasSubstr("timestamp too old"));
  EXPECT_THAT(letters[1], HasSubstr("entry too far behind"));
}

TEST(LokiSink, BuriesWhatIsTooOldEvenByItsReceipt) {
  LokiReceiver receiver(LokiRules{.now = kTime});
  LokiSinkHarness harness(receiver.address());
  harness.received = kTime - hours(24 * 20);
  harness.give({event_of("a", kTime, 1), event_of("a", kTime - hours(24 * 30), 2)});
  EXPECT_EQ(harness.arrive(), "");
  EXPECT_THAT(receiver.sequences(), SizeIs(1));
  EXPECT_THAT(harness.dead_letters(), SizeIs(1));
}

TEST(LokiSink, RestampsMuchAtOnce) {
  LokiReceiver receiver(LokiRules{.now = kTime});
  LokiSinkHarness harness(receiver.address());
  harness.received = kTime;
  harness.give(events(2000, kTime - hours(24 * 30)));
  EXPECT_EQ(harness.arrive(), "");
  expect_all_once(receiver, 2000);
  EXPECT_LT(receiver.bodies().size(), 5U);
}

TEST(LokiSink, SendsAnOldFileBesideNewEventsInFewRequests) {
  LokiReceiver receiver(LokiRules{.now = kTime});
  LokiSinkHarness harness(receiver.address());
  harness.received = kTime;
  std::vector<std::string> lines;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    lines.push_back(event_of("a", i % 2 == 0 ? kTime : kTime - hours(10), i));
  }
  harness.give(lines);
  EXPECT_EQ(harness.arrive(), "");
  expect_all_once(receiver, 1000);
  EXPECT_LT(receiver.bodies().size(), 10U);
}

TEST(LokiSink, WhatWasStoredBesideARefusedOneStaysOnce) {
  // Hours of one stream, with an offender in each: what is sent again must not be too far behind
  // what was stored at the first attempt.
  LokiReceiver receiver(LokiRules{.max_line = 1000});
  LokiSinkHarness harness(receiver.address());
  std::vector<std::string> lines;
  for (std::uint64_t i = 0; i < 600; ++i) {
    lines.push_back(event_of("a", kTime + minutes(i), i));
    if (i % 60 == 59) lines.push_back(event_of("a", kTime, i) + std::string(1000, ' '));
  }
  harness.give(lines);
  EXPECT_EQ(harness.arrive(), "");
  const auto sequences = receiver.sequences();
  EXPECT_THAT(sequences, SizeIs(600));
  for (const auto& [number, times] : sequences) EXPECT_EQ(times, 1U) << number;
  EXPECT_THAT(harness.dead_letters(), SizeIs(10));
}

TEST(LokiSink, SendsAsManyAtOnceAsItMayAndNoMore) {
  LokiReceiver receiver;
  receiver.hold();
  LokiSinkHarness harness(receiver.address(), "batch_bytes=4096&connections=3");
  harness.give(events(1000));
  ASSERT_TRUE(harness.sink().flush());
  receiver.wait_for_held(1);
  for (int round = 0; round < 5; ++round) {
    receiver.let_go(true);
    receiver.wait_for_held(1);
  }
  receiver.wait_for_held(3);
  receiver.let_go(false);
  EXPECT_EQ(harness.arrive(), "");
  expect_all_once(receiver, 1000);
  EXPECT_EQ(receiver.most_at_once(), 3U);
}

TEST(LokiSink, TakesNoMoreThanItHasMemoryFor) {
  LokiReceiver receiver;
  receiver.hold();
  LokiSinkHarness harness(receiver.address(), "batch_bytes=65536&memory=2097152");
  query::ChunkBuilder builder;
  for (const std::string& line : events(1000)) builder.line(line);
  std::size_t bytes = 0;
  std::size_t chunks = 0;
  while (true) {
    const store::Chunk chunk = builder.chunk(Sequence{1 + 1000 * chunks});
    if (!harness.sink().take(chunk).value()) break;
    bytes += chunk.lines.size();
    ++chunks;
    ASSERT_LE(bytes, 2097152U - 4 * PushEncoder::memory_bytes(65536));
  }
  EXPECT_GT(chunks, 1U);
  receiver.let_go(false);
  ASSERT_TRUE(harness.sink().flush());
  const Sequence end{1 + 1000 * chunks};
  for (Sequence next{}; next < end;) {
    const auto state = harness.sink().progress(std::chrono::seconds(30)).value();
    ASSERT_TRUE(state);
    next = state->next;
  }
  expect_all_once(receiver, 1000 * chunks);
  EXPECT_TRUE(harness.sink().take(builder.chunk(end)).value()) << "there is room again";
}

TEST(LokiSink, SaysWhatIsWrongWithAUrl) {
  const auto refusal = [](const std::string& parameters) {
    return LokiSinkHarness("127.0.0.1:1", parameters).refusal();
  };
  EXPECT_THAT(refusal("labels=container"), HasSubstr("none of service, operation, success"));
  EXPECT_THAT(refusal("label.1x=y"), HasSubstr("no label"));
  EXPECT_THAT(refusal("label.service=y"), HasSubstr("label.service"));
  EXPECT_THAT(refusal("user=me"), HasSubstr("password_file"));
  EXPECT_THAT(refusal("ca=/x"), HasSubstr("loki+https"));
  EXPECT_THAT(refusal("batch_bytes=5000000"), HasSubstr("4194304"));
  EXPECT_THAT(refusal("tennant=x"), HasSubstr("tenant"));
  EXPECT_THAT(LokiSinkHarness(LokiSinkHarness::Whole{"loki+http://h/a%0d%0ab"}).refusal(),
              HasSubstr("plain ASCII"));
  EXPECT_THAT(LokiSinkHarness(LokiSinkHarness::Whole{"loki+http://"}).refusal(),
              HasSubstr("is no Loki's address"));
}

}  // namespace
}  // namespace tally::shipper
