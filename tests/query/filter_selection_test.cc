#include "query/filter_selection.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "query/matcher.h"
#include "query/scan.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

namespace tally::query {
namespace {

Filter label(LabelKind kind, std::string value, LabelOp op = LabelOp::equal) {
  return Filter{LabelMatch{Label{kind, {}}, op, std::move(value)}};
}

UtcTime at(std::int64_t seconds) { return UtcTime{std::chrono::seconds{seconds}}; }

TEST(FilterSelection, HasTheStringsOfWhichOneHasToBeThere) {
  const auto selection = selection_of(
      all_of({any_of({label(LabelKind::container, "a"), label(LabelKind::container, "b")}),
              label(LabelKind::service, "s")}));
  ASSERT_EQ(selection.strings.size(), 2U);
  EXPECT_EQ(selection.strings[0].path, "container");
  EXPECT_EQ(selection.strings[0].texts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(selection.strings[1].path, "service");
}

TEST(FilterSelection, LeavesOutWhatOtherEventsCouldFit) {
  const std::vector<Filter> filters{
      any_of({label(LabelKind::container, "a"), label(LabelKind::service, "b")}),
      any_of({label(LabelKind::container, "a"), label(LabelKind::container, "")}),
      any_of({}),
      negate(label(LabelKind::container, "a")),
      label(LabelKind::container, "a", LabelOp::not_equal),
      label(LabelKind::container, "a", LabelOp::matches),
      label(LabelKind::operation, "list"),
      label(LabelKind::success, "true"),
      Filter{LineMatch{LineOp::contains, "a"}}};
  for (const Filter& filter : filters) EXPECT_TRUE(selection_of(filter).strings.empty());
}

TEST(FilterSelection, HasTheTimesThatAllRangesShare) {
  const auto selection = selection_of(
      all_of({Filter{TimeRange{at(10), at(50)}}, Filter{TimeRange{at(20), {}}},
              Filter{TimeRange{{}, at(40)}}, any_of({Filter{TimeRange{at(30), {}}}})}));
  EXPECT_EQ(selection.from, at(20));
  EXPECT_EQ(selection.until, at(40));
}

/// Sealed and not yet sealed events, of which a filter finds the same with its selection and
/// without.
class SelectionOfAStore : public testing::Test {
 protected:
  static constexpr std::uint64_t kEvents = 3000;
  static constexpr std::int64_t kBegin = 1'769'162'400;

  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    store::StoreOptions options;
    options.directory = "/store";
    options.file_bytes = 256 * 1024;
    options.file_events_max = 400;
    auto store = tests::SealingStore::open(files_, clock_, options).value();
    for (std::uint64_t i = 0; i < kEvents; i += 100) {
      std::vector<std::string> lines;
      for (std::uint64_t k = 0; k < 100; ++k) lines.push_back(line(i + k));
      const store::Batch batch = tests::make_batch(lines, clock_.now());
      const store::Batch* group = &batch;
      ASSERT_TRUE(store.journal->commit({&group, 1}));
      if (i == 2000) store.seal_all(files_);
    }
    ASSERT_GE(store.manifest().segments.size(), 4U);
  }

  std::string pick(std::vector<std::string> of) { return of[random_() % of.size()]; }

  std::string line(std::uint64_t number) {
    const std::string time = format_rfc3339(at(kBegin + static_cast<std::int64_t>(number)));
    std::string text = R"({"timestamp":")" + time + R"(","service":")" +
                       pick({"engine", R"(\u0065ngine)", "healer"}) + R"(","operation":"list")";
    if (random_() % 4 != 0) {
      text += R"(,"container":")" +
              pick({"web", R"(w\u0065b)", "rare" + std::to_string(random_() % 300),
                    std::to_string(random_() % 90)}) +
              '"';
    }
    text += R"(,"success":true,"error":)" +
            pick({"null", R"("no")", R"("no \"x\"")", "\"code " + std::to_string(number) + '"'});
    return text + R"(,"metadata":{"container":"rare7","n":)" + std::to_string(number) + "}}";
  }

  Filter some_filter() {
    std::vector<Filter> parts;
    if (random_() % 3 == 0) {
      const auto from = kBegin + static_cast<std::int64_t>(random_() % kEvents);
      parts.push_back(Filter{TimeRange{at(from), at(from + 700)}});
    }
    if (random_() % 2 == 0) parts.push_back(label(LabelKind::service, pick({"engine", "none"})));
    if (random_() % 4 == 0) parts.push_back(label(LabelKind::error, pick({"no \"x\"", "code 77"})));
    std::vector<Filter> any;
    for (std::uint64_t i = random_() % 3; i > 0; --i) {
      any.push_back(label(LabelKind::container,
                          pick({"web", "rare7", "7", "rare" + std::to_string(random_() % 300)})));
    }
    if (!any.empty()) parts.push_back(any_of(std::move(any)));
    return all_of(std::move(parts));
  }

  /// Sequences of the events that the filter finds in what the cursor gives.
  std::vector<std::uint64_t> found(const Filter& filter, store::Selection selection) {
    const auto matcher = Matcher::compile(filter).value();
    ScanReaders readers;
    readers.wanted = matcher.wanted();
    auto cursor =
        store::Cursor::open(files_, "/store", kFirstSequence, std::move(selection)).value();
    std::vector<std::uint64_t> sequences;
    while (const auto chunk = cursor.next().value()) {
      read_ += chunk->count;
      for_each_event(*chunk, readers, [&](ScannedEvent& event) {
        if (matcher.matches(event)) sequences.push_back(to_number(event.sequence()));
        return true;
      });
    }
    EXPECT_TRUE(cursor.corrupt().empty());
    EXPECT_EQ(to_number(cursor.position()), kEvents + 1);
    return sequences;
  }

  tests::FaultFileSystem files_;
  tests::ManualClock clock_;
  std::mt19937_64 random_{20261124};
  std::uint64_t read_ = 0;  ///< events that cursors gave
};

TEST_F(SelectionOfAStore, FindsWhatAScanOfEverythingFinds) {
  std::uint64_t all = 0;
  std::uint64_t selected = 0;
  for (int i = 0; i < 60; ++i) {
    const Filter filter = some_filter();
    read_ = 0;
    const auto expected = found(filter, {});
    all += read_;
    read_ = 0;
    EXPECT_EQ(found(filter, selection_of(filter)), expected) << "filter " << i;
    selected += read_;
  }
  EXPECT_LT(selected, all * 2 / 3);
}

}  // namespace
}  // namespace tally::query
