#include "shipper/loki/loki_census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shipper/make_census.h"
#include "shipper/make_sink.h"
#include "shipper/sink_url.h"
#include "shipper/store_census.h"
#include "store/disk/posix_file_system.h"
#include "store/sink_position.h"
#include "tests/shipper/census_log.h"
#include "tests/shipper/loki_receiver.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

// A real store, shipped to a receiver of Loki's rules that is asked afterwards what it has.

namespace tally::shipper {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Range = std::pair<std::uint64_t, std::uint64_t>;

constexpr std::chrono::hours kHour{1};

class LokiCensusTest : public testing::Test {
 protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    store::StoreOptions options;
    options.directory = data_;
    store_ = std::move(store::Store::open(files_, clock_, options)).value();
  }

  /// Events of these times, received now.
  void add(const std::vector<UtcTime>& times) {
    std::vector<std::string> lines;
    lines.reserve(times.size());
    for (const UtcTime time : times) lines.push_back(tests::timed_event_line(++number_, time));
    ASSERT_TRUE(tests::submit_and_wait(*store_, tests::make_batch(lines, clock_.now())));
  }

  /// So many events of now, a second apart.
  void add_seconds(std::size_t count) {
    std::vector<UtcTime> times;
    for (std::size_t i = 0; i < count; ++i) times.push_back(clock_.now() + std::chrono::seconds(i));
    add(times);
  }

  std::string url(const std::string& parameters = "") const {
    return "loki+http://" + receiver_.address() + "?name=loki&label.host=h&linger_ms=0" +
           parameters;
  }

  void ship(const std::string& parameters = "") {
    auto plan = plan_sink(url(parameters));
    ASSERT_TRUE(plan) << plan.error().context;
    Shipper shipper(files_, clock_, data_, plan.value().options, plan.value().factory);
    const auto shipped = shipper.run_once();
    ASSERT_TRUE(shipped) << shipped.error().context;
  }

  void rewind(std::uint64_t to) {
    auto position =
        store::SinkPosition::take_over(files_, store::StorePaths(data_), store_->id(), "loki");
    ASSERT_TRUE(position);
    ASSERT_TRUE(position.value().save({Sequence{to}, ""}));
  }

  /// By pages of so many entries.
  SinkCensus count(std::size_t entries = InquiryLimits{}.entries, const CensusRange& range = {}) {
    auto store = StoreCensus::open(files_, data_, "loki", range);
    EXPECT_TRUE(store) << store.error().context;
    auto census = store.value().next(log_).value();
    const auto asked = ask(*census, {.entries = entries});
    EXPECT_TRUE(asked) << asked.error().context;
    return std::move(*census);
  }

  Result<void> ask(SinkCensus& census, InquiryLimits limits) {
    limits.first_wait = Backoff::Duration(1);
    const auto service = parse_sink_url(url()).value();
    net::UrlParameters parameters(service);
    return ask_loki(read_loki_options(service, parameters).value(), census, log_, limits);
  }

  /// With one question, of three tries, about all that the store has.
  Result<void> ask_once() {
    auto store = StoreCensus::open(files_, data_, "loki", {}).value();
    auto census = store.next(log_).value();
    return ask(*census, {.tries = 3});
  }

  static std::vector<Range> missing(const SinkCensus& census) {
    std::vector<Range> ranges;
    census.for_each_missing([&](Sequence first, Sequence last) {
      ranges.emplace_back(to_number(first), to_number(last));
    });
    return ranges;
  }

  tests::TemporaryDirectory directory_;
  const store::Path data_ = directory_.path() / "data";
  store::PosixFileSystem files_;
  tests::ManualClock clock_;
  std::unique_ptr<store::Store> store_;
  LokiReceiver receiver_;
  tests::CensusLog log_;
  std::uint64_t number_ = 0;
};

TEST_F(LokiCensusTest, FindsAllOfEveryHour) {
  add_seconds(10);
  clock_.time += kHour;
  add_seconds(5);
  ship();
  const SinkCensus census = count();
  EXPECT_THAT(missing(census), IsEmpty());
  const auto hours = census.hours();
  ASSERT_EQ(hours.size(), 2U);
  EXPECT_EQ(hours[0].hour, hour_of(clock_.now() - kHour));
  EXPECT_EQ(hours[0].here, 10U);
  EXPECT_EQ(hours[0].there, 10U);
  EXPECT_EQ(hours[1].distinct, 5U);
  EXPECT_EQ(hours[1].twice, 0U);
}

TEST_F(LokiCensusTest, NamesExactlyWhatIsLost) {
  add_seconds(40);
  ship();
  receiver_.lose({1, 7, 8, 9, 40});
  const SinkCensus census = count();
  EXPECT_THAT(missing(census), ElementsAre(Range{1, 1}, Range{7, 9}, Range{40, 40}));
  EXPECT_EQ(census.hours().at(0).missing, 5U);
  EXPECT_EQ(census.hours().at(0).there, 35U);
}

TEST_F(LokiCensusTest, NothingOfANanosecondIsLostOrDoubledBetweenPages) {
  const UtcTime now = clock_.now();
  const UtcTime later = now + std::chrono::nanoseconds(1);
  add({now, now, later, later, later, later, later, later, later, now + kHour});
  ship();
  for (std::size_t entries = 1; entries < 12; ++entries) {
    const SinkCensus census = count(entries);
    EXPECT_THAT(missing(census), IsEmpty()) << entries;
    EXPECT_EQ(census.hours().at(0).there, 10U) << entries;
    EXPECT_EQ(census.hours().at(0).twice, 0U) << entries;
  }
  receiver_.lose({6});
  for (std::size_t entries = 1; entries < 12; ++entries) {
    EXPECT_THAT(missing(count(entries)), ElementsAre(Range{6, 6})) << entries;
  }
}

TEST_F(LokiCensusTest, FindsWhatWasSentWithItsTimeOfReceipt) {
  add({clock_.now() - 30 * 24 * kHour});
  clock_.time += 2 * kHour;
  receiver_.set_rules({.now = clock_.now()});
  add({clock_.now(), clock_.now() - 30 * 24 * kHour});
  ship();
  const SinkCensus census = count();
  EXPECT_THAT(missing(census), IsEmpty());
  EXPECT_EQ(census.hours().at(0).there, 1U) << "in an hour in which nothing happened";
  EXPECT_EQ(census.hours().at(1).there, 2U);
}

TEST_F(LokiCensusTest, DeadLettersAreNotMissing) {
  receiver_.set_rules({.now = clock_.now()});
  const UtcTime now = clock_.now();
  add({now, now - 30 * 24 * kHour, now + std::chrono::seconds(1)});
  ship("&late=dead-letter");
  receiver_.lose({3});
  const SinkCensus census = count();
  EXPECT_THAT(missing(census), ElementsAre(Range{3, 3}));
  EXPECT_EQ(census.hours().at(0).dead, 1U);
}

TEST_F(LokiCensusTest, CountsWhatIsThereTwice) {
  add_seconds(6);
  ship();
  rewind(4);
  ship("&label.again=yes");
  const SinkCensus census = count();
  EXPECT_THAT(missing(census), IsEmpty());
  EXPECT_EQ(census.hours().at(0).there, 9U);
  EXPECT_EQ(census.hours().at(0).distinct, 6U);
  EXPECT_EQ(census.hours().at(0).twice, 3U);
}

TEST_F(LokiCensusTest, EntriesOfAnotherStoreDoNotCount) {
  add_seconds(6);
  ship();
  receiver_.lose({2});
  const store::Path other = directory_.path() / "other";
  store::StoreOptions options;
  options.directory = other;
  auto opened = store::Store::open(files_, clock_, options);
  ASSERT_TRUE(opened);
  std::vector<std::string> lines;
  for (std::uint64_t i = 1; i <= 6; ++i) {
    lines.push_back(tests::timed_event_line(i, clock_.now() + std::chrono::milliseconds(i)));
  }
  ASSERT_TRUE(tests::submit_and_wait(*opened.value(), tests::make_batch(lines, clock_.now())));
  auto plan = plan_sink(url());
  Shipper shipper(files_, clock_, other, plan.value().options, plan.value().factory);
  ASSERT_TRUE(shipper.run_once());
  const SinkCensus census = count();
  EXPECT_THAT(missing(census), ElementsAre(Range{2, 2}));
  EXPECT_EQ(census.hours().at(0).there, 5U);
}

TEST_F(LokiCensusTest, TimesOfReceiptAndTheCursorBoundIt) {
  add_seconds(4);
  clock_.time += kHour;
  const UtcTime second = clock_.now();
  add_seconds(4);
  clock_.time += kHour;
  const UtcTime third = clock_.now();
  add_seconds(4);
  ship();
  add_seconds(3);
  receiver_.lose({4, 5, 8, 9});
  EXPECT_THAT(missing(count()), ElementsAre(Range{4, 5}, Range{8, 9}));
  const SinkCensus middle = count(InquiryLimits{}.entries, {.since = second, .until = third});
  EXPECT_THAT(missing(middle), ElementsAre(Range{5, 5}, Range{8, 8}));
  ASSERT_EQ(middle.hours().size(), 1U);
  EXPECT_EQ(middle.hours()[0].here, 4U);
}

TEST_F(LokiCensusTest, ErrorsSayWhatLokiAnswers) {
  add_seconds(1);
  ship();
  receiver_.answer_all(CannedAnswer{404, "page not found", {}});
  EXPECT_THAT(ask_once().error().context, HasSubstr("Loki answers 404: page not found; only Loki"));
  receiver_.answer_all(CannedAnswer{400, "limit > max_entries", {}});
  EXPECT_THAT(ask_once().error().context, HasSubstr("limits for queries (limits_config)"));
  receiver_.answer_all(CannedAnswer{200, "<html>", {}});
  EXPECT_EQ(ask_once().error().code, Errc::corruption);
  EXPECT_THAT(log_.troubles, IsEmpty()) << "nothing of this passes";
  EXPECT_EQ(plan_census("stdout:").error().code, Errc::unsupported);
  EXPECT_EQ(StoreCensus::open(files_, data_, "nobody", {}).error().code, Errc::not_found);
}

TEST_F(LokiCensusTest, WhatPassesIsAskedAgain) {
  add_seconds(40);
  ship();
  receiver_.lose({17});
  const std::chrono::seconds second{1};
  receiver_.answer_next({{503, "starting", {}}, {429, "too many", second}, {0, "", {}}});
  EXPECT_THAT(missing(count(8)), ElementsAre(Range{17, 17}));
  EXPECT_THAT(log_.troubles,
              ElementsAre(HasSubstr("Loki answers 503: starting"),
                          AllOf(HasSubstr("429: too many"), HasSubstr("again in 1.0 s")),
                          HasSubstr("did not answer")));
  EXPECT_GT(log_.times.size(), 12U) << "what got no answer is asked for by pages of 4, not of 8";
}

TEST_F(LokiCensusTest, ButNotForEver) {
  add_seconds(1);
  ship();
  receiver_.answer_all(CannedAnswer{503, "starting", {}});
  EXPECT_THAT(ask_once().error().context, AllOf(HasSubstr("look at Loki"), HasSubstr("3 times")));
  EXPECT_EQ(log_.troubles.size(), 2U);
  receiver_.answer_all(CannedAnswer{429, "too many", std::chrono::seconds(3600)});
  EXPECT_THAT(ask_once().error().context, HasSubstr("429: too many"));
  EXPECT_EQ(log_.troubles.size(), 2U) << "no hour is waited";
}

TEST_F(LokiCensusTest, PortionsComeToTheSame) {
  add_seconds(40);
  ship();
  receiver_.lose({1, 6, 7, 8, 14, 15, 40});
  auto store = StoreCensus::open(files_, data_, "loki", {.sequences = 7}).value();
  std::vector<Range> all;
  std::uint64_t here = 0;
  std::uint64_t there = 0;
  while (auto census = store.next(log_).value()) {
    EXPECT_LE(distance(census->first(), census->end()), 7U);
    ASSERT_TRUE(ask(*census, {}));
    for (const Range& range : missing(*census)) all.push_back(range);
    here += census->here_count();
    there += census->there_count();
  }
  EXPECT_THAT(all, ElementsAre(Range{1, 1}, Range{6, 7}, Range{8, 8}, Range{14, 14}, Range{15, 15},
                               Range{40, 40}));
  EXPECT_EQ(here, 40U);
  EXPECT_EQ(there, 33U);
}

}  // namespace
}  // namespace tally::shipper
