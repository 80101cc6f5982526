#include "query/matcher.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "query/filter_flags.h"
#include "query/scan.h"
#include "tests/query/chunk_builder.h"

namespace tally::query {
namespace {

constexpr std::string_view kList =
    R"({"timestamp":"2026-01-23T21:00:00Z","service":"engine","operation":"list","success":true})";
constexpr std::string_view kRestart =
    R"({"timestamp":"2026-01-23T22:00:00Z","service":"healer","operation":"restart",)"
    R"("container":"web-1","success":false,"error":"no such container","metadata":{"try":3}})";
constexpr std::string_view kEscaped =
    R"({"timestamp":"2026-01-23T23:00:00Z","service":"\u0065ngine","operation":"stop",)"
    R"("container":"a\"b","success":true,"metadata":{"note":"\u0078"}})";

Filter label(LabelKind kind, std::string value, LabelOp op = LabelOp::equal) {
  return Filter{LabelMatch{Label{kind, {}}, op, std::move(value)}};
}

Filter metadata(std::string path, std::string value, LabelOp op = LabelOp::equal) {
  return Filter{LabelMatch{Label{LabelKind::metadata, std::move(path)}, op, std::move(value)}};
}

/// Which of the three lines fit: "LRE" for all.
std::string fitting(const Filter& filter) {
  auto matcher = Matcher::compile(filter);
  if (!matcher) return matcher.error().context;
  ChunkBuilder builder;
  builder.line(kList).line(kRestart).line(kEscaped);
  ScanReaders readers;
  readers.wanted = matcher.value().wanted();
  std::string fits;
  for_each_event(builder.chunk(), readers, [&](ScannedEvent& event) {
    if (matcher.value().matches(event)) fits += "LRE"[to_number(event.sequence()) - 1];
    return true;
  });
  return fits;
}

TEST(Matcher, EmptyTreesAreAlwaysOrNever) {
  EXPECT_EQ(fitting(all_of({})), "LRE");
  EXPECT_EQ(fitting(any_of({})), "");
  EXPECT_EQ(fitting(negate(any_of({}))), "LRE");
}

TEST(Matcher, LabelsAreComparedUnescaped) {
  EXPECT_EQ(fitting(label(LabelKind::service, "engine")), "LE");
  EXPECT_EQ(fitting(label(LabelKind::service, "engine", LabelOp::not_equal)), "R");
  EXPECT_EQ(fitting(label(LabelKind::container, "a\"b")), "E");
  EXPECT_EQ(fitting(metadata("note", "x")), "E");
  EXPECT_EQ(fitting(metadata("try", "3")), "R");
}

TEST(Matcher, AbsentLabelsAreEmpty) {
  EXPECT_EQ(fitting(label(LabelKind::container, "")), "L");
  EXPECT_EQ(fitting(label(LabelKind::container, "", LabelOp::not_equal)), "RE");
  EXPECT_EQ(fitting(label(LabelKind::container, ".+", LabelOp::matches)), "RE");
  EXPECT_EQ(fitting(metadata("try", "", LabelOp::equal)), "LE");
}

TEST(Matcher, LevelFollowsFromSuccess) {
  EXPECT_EQ(fitting(label(LabelKind::level, "error")), "R");
  EXPECT_EQ(fitting(label(LabelKind::level, "info")), "LE");
  EXPECT_EQ(fitting(label(LabelKind::success, "false")), "R");
  EXPECT_EQ(fitting(label(LabelKind::success, "true")), "LE");
  EXPECT_EQ(fitting(label(LabelKind::success, "maybe")), "");
}

TEST(Matcher, LabelPatternsFitTheWholeValue) {
  EXPECT_EQ(fitting(label(LabelKind::operation, "st.*", LabelOp::matches)), "E");
  EXPECT_EQ(fitting(label(LabelKind::operation, "rest|list", LabelOp::matches)), "L");
  EXPECT_EQ(fitting(label(LabelKind::operation, "list|stop", LabelOp::not_matches)), "R");
}

TEST(Matcher, LinesAreSearchedAsStored) {
  const auto line = [](std::string text, LineOp op) {
    return Filter{LineMatch{op, std::move(text)}};
  };
  EXPECT_EQ(fitting(line("engine", LineOp::contains)), "L");
  EXPECT_EQ(fitting(line("Engine", LineOp::contains)), "");
  EXPECT_EQ(fitting(line("engine", LineOp::not_contains)), "RE");
  EXPECT_EQ(fitting(line("such c.ntainer", LineOp::matches)), "R");
  EXPECT_EQ(fitting(line("such", LineOp::not_matches)), "LE");
  EXPECT_EQ(fitting(line("", LineOp::contains)), "LRE");
}

TEST(Matcher, RangesIncludeTheirBeginningOnly) {
  TimeRange range;
  range.from = parse_rfc3339("2026-01-23T22:00:00Z")->utc;
  EXPECT_EQ(fitting(Filter{range}), "RE");
  range.until = parse_rfc3339("2026-01-23T23:00:00Z")->utc;
  EXPECT_EQ(fitting(Filter{range}), "R");
  range.from.reset();
  EXPECT_EQ(fitting(Filter{range}), "LR");
}

TEST(Matcher, TreesCombine) {
  EXPECT_EQ(
      fitting(all_of({label(LabelKind::service, "engine"), label(LabelKind::operation, "stop")})),
      "E");
  EXPECT_EQ(fitting(any_of(
                {label(LabelKind::operation, "list"), negate(label(LabelKind::success, "true"))})),
            "LR");
}

TEST(Matcher, WrongPatternsAreTold) {
  const auto matcher = Matcher::compile(label(LabelKind::service, "(", LabelOp::matches));
  ASSERT_FALSE(matcher);
  EXPECT_EQ(matcher.error().code, Errc::invalid);
  EXPECT_NE(matcher.error().context.find("'('"), std::string::npos);
}

TEST(Matcher, DamagedLinesFitNothingThatNeedsFields) {
  ChunkBuilder builder;
  builder.line("{\"service\":\"engine\", broken");
  const auto matches = [&](const Filter& filter) {
    auto matcher = Matcher::compile(filter);
    ScanReaders readers;
    readers.wanted = matcher.value().wanted();
    bool fits = false;
    for_each_event(builder.chunk(), readers, [&](ScannedEvent& event) {
      fits = matcher.value().matches(event);
      return true;
    });
    return fits;
  };
  EXPECT_FALSE(matches(label(LabelKind::operation, "x", LabelOp::not_matches)));
  EXPECT_FALSE(matches(negate(label(LabelKind::operation, "b.*", LabelOp::matches))));
  EXPECT_TRUE(matches(Filter{LineMatch{LineOp::contains, "broken"}}));
}

TEST(FilterFlags, SameFlagsAreAlternativesAndOthersMustAllHold) {
  FilterFlags flags;
  flags.services = {"engine", "healer"};
  EXPECT_EQ(fitting(build_filter(flags).value()), "LRE");
  flags.operations = {"restart", "stop"};
  EXPECT_EQ(fitting(build_filter(flags).value()), "RE");
  flags.failed = true;
  EXPECT_EQ(fitting(build_filter(flags).value()), "R");
  flags.texts = {"nothing", "else"};
  EXPECT_EQ(fitting(build_filter(flags).value()), "");
  EXPECT_EQ(fitting(build_filter(FilterFlags{}).value()), "LRE");
}

TEST(FilterFlags, WhatCannotFitIsRefused) {
  FilterFlags flags;
  flags.succeeded = flags.failed = true;
  EXPECT_EQ(build_filter(flags).error().code, Errc::invalid);
  flags.failed = false;
  flags.range.from = flags.range.until = parse_rfc3339("2026-01-23T22:00:00Z")->utc;
  EXPECT_EQ(build_filter(flags).error().code, Errc::invalid);
}

}  // namespace
}  // namespace tally::query
