#include "ingest/validator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <string>
#include <vector>

namespace tally::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A good event; `name` tells it from others.
std::string event(const std::string& name) {
  return R"({"timestamp":"2026-01-23T21:55:09Z","service":")" + name +
         R"(","operation":"list","success":true})";
}

const std::string kA = event("a");
const std::string kB = event("b");
const std::string kC = event("c");
const std::string kBad = R"({"service":"x"})";
const std::string kSpread =
    "{\n  \"timestamp\": \"2026-01-23T21:55:09Z\",\r\n  \"service\": \"s\",\n"
    "  \"operation\": \"o\",\n  \"success\": true\n}";
const std::string kSpreadJoined =
    "{   \"timestamp\": \"2026-01-23T21:55:09Z\",    \"service\": \"s\", "
    "  \"operation\": \"o\",   \"success\": true }";

/// A good event of that length.
std::string padded(std::size_t length) {
  std::string line = event("s");
  return line.insert(1, std::string(length - line.size(), ' '));
}

class ValidatorTest : public ::testing::Test {
 protected:
  const Verdict& validate(const std::string& body, BodyForm form) {
    body_ = body;
    // What lies behind the body must not matter.
    body_.append(Validator::kPadding, '}');
    return validator_.validate({body_.data(), body.size()}, form);
  }

  std::vector<std::uint32_t> refused_lines(const Verdict& verdict) {
    std::vector<std::uint32_t> lines;
    for (const Refusal& refusal : verdict.refusals) lines.push_back(refusal.line);
    return lines;
  }

  Validator validator_;
  std::string body_;
};

using Ndjson = ValidatorTest;
using SingleObject = ValidatorTest;
using Array = ValidatorTest;
using Sniffed = ValidatorTest;
using Oversize = ValidatorTest;

MATCHER_P3(IsExtent, first, offset, line_end, "") {
  return arg.first == static_cast<std::uint32_t>(first) &&
         arg.offset == static_cast<std::uint64_t>(offset) && arg.line_end == line_end;
}

TEST_F(Ndjson, LeavesGoodLinesWhereTheyAre) {
  const std::string body = kA + '\n' + kB + '\n';
  const Verdict& verdict = validate(body, BodyForm::ndjson);
  EXPECT_EQ(verdict.lines, body);
  EXPECT_EQ(verdict.lines.data(), body_.data());
  EXPECT_EQ(verdict.count, 2U);
  EXPECT_THAT(verdict.refusals, IsEmpty());
  EXPECT_THAT(verdict.extents, ElementsAre(IsExtent(0, 0, 1)));
}

TEST_F(Ndjson, AddsTheLineEndThatTheLastLineLacks) {
  EXPECT_EQ(validate(kA, BodyForm::ndjson).lines, kA + '\n');
  EXPECT_EQ(validate(kA + '\n' + kB, BodyForm::ndjson).lines, kA + '\n' + kB + '\n');
  EXPECT_EQ(validate(kA + "\r\n" + kB, BodyForm::ndjson).lines, kA + '\n' + kB + '\n');
  EXPECT_THAT(validator_.validate({body_.data(), 0}, BodyForm::ndjson).lines, IsEmpty());
}

TEST_F(Ndjson, TakesTheCarriageReturnForPartOfTheLineEnd) {
  const Verdict& verdict = validate(kA + "\r\n" + kB + "\r\n" + kC + '\n', BodyForm::ndjson);
  EXPECT_EQ(verdict.lines, kA + '\n' + kB + '\n' + kC + '\n');
  EXPECT_THAT(verdict.extents, ElementsAre(IsExtent(0, 0, 2), IsExtent(2, 2 * (kA.size() + 2), 1)));
}

TEST_F(Ndjson, KeepsBlanksWithinTheLine) {
  const std::string body = "  " + kA + "\t \n" + kB + " \r\r\n";
  EXPECT_EQ(validate(body, BodyForm::ndjson).lines, "  " + kA + "\t \n" + kB + " \r\n");
}

TEST_F(Ndjson, SkipsEmptyAndBlankLinesButCountsThem) {
  const Verdict& verdict =
      validate("\n\r\n" + kA + "\n \t \n" + kBad + "\n\n" + kB + "\n\n", BodyForm::ndjson);
  EXPECT_EQ(verdict.lines, kA + '\n' + kB + '\n');
  EXPECT_THAT(refused_lines(verdict), ElementsAre(5));
  EXPECT_THAT(verdict.extents,
              ElementsAre(IsExtent(0, 3, 1), IsExtent(1, 3 + kA.size() + 5 + kBad.size() + 2, 1)));
}

TEST_F(Ndjson, BlankBodiesHoldNothing) {
  for (const char* body : {"", "\n", "\r\n\r\n", "  \t", "\n\n\n"}) {
    const Verdict& verdict = validate(body, BodyForm::ndjson);
    EXPECT_EQ(verdict.count, 0U);
    EXPECT_THAT(verdict.lines, IsEmpty());
    EXPECT_THAT(verdict.refusals, IsEmpty());
  }
}

TEST_F(Ndjson, OneBadLineCostsItsNeighboursNothing) {
  for (const std::string& bad :
       {kBad, std::string("{\"a\":\"\xff\"}"), std::string("{\"open"), std::string("\"\t\""),
        std::string("\\\""), std::string("]]]]"), std::string("{\"metadata\":{\"a\":["),
        std::string("\0", 1), std::string("\\")}) {
    const Verdict& verdict = validate(kA + '\n' + bad + '\n' + kB + "\r\n" + bad, BodyForm::ndjson);
    EXPECT_EQ(verdict.lines, kA + '\n' + kB + '\n') << bad;
    EXPECT_THAT(refused_lines(verdict), ElementsAre(2, 4)) << bad;
    EXPECT_EQ(verdict.refusals[0].bytes, bad);
    EXPECT_EQ(verdict.refusals[0].length, bad.size());
    EXPECT_EQ(verdict.refusals[0].offset, kA.size() + 1);
    EXPECT_EQ(verdict.refusals[1].bytes, bad);
  }
}

TEST_F(Ndjson, LinesMayLieOnBothSidesOfAnyWindow) {
  std::string body;
  std::string expected;
  for (int i = 0; i < 20000; ++i) {
    const std::string line = event(std::string(static_cast<std::size_t>(1 + i % 200), 'n'));
    body += line + '\n';
    expected += line + '\n';
    if (i % 1000 == 999) body += "{\"\xff\"}\n";
  }
  const Verdict& verdict = validate(body, BodyForm::ndjson);
  EXPECT_EQ(verdict.count, 20000U);
  EXPECT_TRUE(verdict.lines == expected);
  EXPECT_THAT(verdict.refusals, SizeIs(20));
  EXPECT_THAT(verdict.extents, SizeIs(20));
}

TEST_F(Ndjson, SaysWhatStripsLineEnds) {
  const Verdict& verdict = validate(kA + kB + kC, BodyForm::ndjson);
  ASSERT_THAT(verdict.refusals, SizeIs(1));
  EXPECT_THAT(verdict.refusals[0].reason, HasSubstr("--data-binary @file"));
}

TEST_F(SingleObject, IsItsBytesFromBracketToBracket) {
  const Verdict& verdict = validate(" \n" + kA + " \r\n", BodyForm::object);
  EXPECT_EQ(verdict.lines, kA + '\n');
  EXPECT_THAT(verdict.extents, ElementsAre(IsExtent(0, 2, 1)));
}

TEST_F(SingleObject, LineEndsInItBecomeSpaces) {
  EXPECT_EQ(validate(kSpread + '\n', BodyForm::object).lines, kSpreadJoined + '\n');
}

TEST_F(SingleObject, IsExactlyOne) {
  EXPECT_EQ(validate("", BodyForm::object).refusals.at(0).reason, "no event: the body is empty");
  EXPECT_THAT(validate(kA + '\n' + kB, BodyForm::object).refusals.at(0).reason,
              HasSubstr("two events on one line"));
  const Verdict& verdict = validate("\n" + kBad + "\n", BodyForm::object);
  EXPECT_EQ(verdict.refusals.at(0).bytes, kBad);
  EXPECT_EQ(verdict.refusals.at(0).offset, 1U);
  EXPECT_EQ(verdict.refusals.at(0).line, 1U);
}

TEST_F(Array, ElementsBecomeLines) {
  for (const std::string& separator :
       {std::string(","), std::string(" ,\n "), std::string("\t,")}) {
    const Verdict& verdict =
        validate("[" + kA + separator + kSpread + separator + kC + "]\n", BodyForm::array);
    EXPECT_EQ(verdict.lines, kA + '\n' + kSpreadJoined + '\n' + kC + '\n');
    EXPECT_EQ(verdict.count, 3U);
    EXPECT_THAT(verdict.refusals, IsEmpty());
  }
  EXPECT_EQ(validate(" [ ] ", BodyForm::array).count, 0U);
  EXPECT_THAT(validate("[]", BodyForm::array).refusals, IsEmpty());
}

TEST_F(Array, RefusesElementsOneByOne) {
  const Verdict& verdict =
      validate("[" + kA + ", 5, " + kBad + ", \"x\", [1], " + kB + "]", BodyForm::array);
  EXPECT_EQ(verdict.lines, kA + '\n' + kB + '\n');
  EXPECT_THAT(refused_lines(verdict), ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(verdict.refusals[1].bytes, kBad);
  EXPECT_EQ(verdict.refusals[1].offset, 1 + kA.size() + 5);
}

TEST_F(Array, SaysWhatIsWrongAroundItsElements) {
  const auto reasons = [&](const std::string& body) {
    std::string all;
    for (const Refusal& refusal : validate(body, BodyForm::array).refusals) {
      all += std::to_string(refusal.line) + ": " + refusal.reason + '\n';
    }
    return std::to_string(validate(body, BodyForm::array).count) + '\n' + all;
  };
  EXPECT_EQ(reasons("[" + kA + ' ' + kB + ',' + kC + ']'),
            "2\n2: a comma is missing before this element\n");
  EXPECT_EQ(reasons("[" + kA + ",]"), "1\n2: an element is missing here\n");
  EXPECT_EQ(reasons("[," + kA + "]"), "1\n1: an element is missing here\n");
  EXPECT_EQ(reasons("[" + kA + ",," + kB + "]"), "2\n2: an element is missing here\n");
  EXPECT_EQ(reasons("[" + kA), "1\n2: the array is not closed: ] is missing at the end\n");
  EXPECT_EQ(reasons("[" + kA + ','), "1\n2: the array is not closed: ] is missing at the end\n");
  EXPECT_EQ(reasons("["), "0\n1: the array is not closed: ] is missing at the end\n");
  EXPECT_EQ(reasons("[" + kA + ",{\"service\":"),
            "1\n2: ends before the event does: a bracket is not closed\n");
  EXPECT_EQ(reasons("[" + kA + "] [" + kB + "]"), "1\n2: text behind the array\n");
  EXPECT_EQ(
      reasons(kA), "0\n1: not a JSON array: found \"" + [&] {
        std::string quoted;
        for (const char c : kA.substr(0, 80)) quoted += c == '"' ? "\\\"" : std::string(1, c);
        return quoted;
      }() + "…\"\n");
  EXPECT_EQ(reasons(" "), "0\n1: no array: the body is empty\n");
}

TEST_F(Sniffed, TellsTheFormsApart) {
  EXPECT_EQ(validate(kA, BodyForm::sniff).lines, kA + '\n');
  EXPECT_EQ(validate(' ' + kA + " \n", BodyForm::sniff).lines, kA + '\n');
  EXPECT_EQ(validate(kSpread + '\n', BodyForm::sniff).lines, kSpreadJoined + '\n');
  EXPECT_EQ(validate("\n [" + kA + ',' + kB + "]", BodyForm::sniff).count, 2U);
  EXPECT_EQ(validate(kA + "\r\n" + kB, BodyForm::sniff).lines, kA + '\n' + kB + '\n');
  EXPECT_EQ(validate("nonsense\n" + kB + '\n', BodyForm::sniff).lines, kB + '\n');
  EXPECT_EQ(validate("{\"open\n" + kB + '\n', BodyForm::sniff).lines, kB + '\n');
  EXPECT_EQ(validate("", BodyForm::sniff).count, 0U);
  EXPECT_THAT(validate(kA + kB, BodyForm::sniff).refusals.at(0).reason,
              HasSubstr("--data-binary @file"));
}

TEST_F(Oversize, EventsOf64KiBPass) {
  const std::string fit = padded(Validator::kEventBytesMax);
  EXPECT_EQ(validate(fit + "\r\n", BodyForm::ndjson).lines, fit + '\n');
  EXPECT_EQ(validate('[' + fit + ']', BodyForm::array).lines, fit + '\n');
}

TEST_F(Oversize, LongerEventsKeepTheirStart) {
  const std::string over = padded(Validator::kEventBytesMax + 1);
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(over.data()), over.size(), digest);
  const auto expect_refusal = [&](const Verdict& verdict) {
    EXPECT_EQ(verdict.lines, kA + '\n' + kB + '\n');
    ASSERT_THAT(verdict.refusals, SizeIs(1));
    const Refusal& refusal = verdict.refusals[0];
    EXPECT_EQ(refusal.reason, "larger than 64 KiB (65537 bytes)");
    EXPECT_EQ(refusal.length, over.size());
    EXPECT_EQ(refusal.bytes, over.substr(0, Validator::kEventBytesMax));
    EXPECT_EQ(refusal.sha256, std::string(std::begin(digest), std::end(digest)));
  };
  expect_refusal(validate(kA + '\n' + over + '\n' + kB, BodyForm::ndjson));
  expect_refusal(validate('[' + kA + ',' + over + ',' + kB + ']', BodyForm::array));
}

TEST_F(Oversize, LinesLongerThanAnyWindowArePassedOver) {
  for (const std::size_t length : {200'000U, 1'000'000U}) {
    const std::string over(length, 'x');
    const Verdict& verdict =
        validate(kA + '\n' + over + "\r\n" + kB + '\n' + over, BodyForm::ndjson);
    EXPECT_EQ(verdict.lines, kA + '\n' + kB + '\n');
    EXPECT_THAT(refused_lines(verdict), ElementsAre(2, 4));
    EXPECT_EQ(verdict.refusals[0].length, length);
    EXPECT_EQ(verdict.refusals[1].length, length);
  }
}

TEST_F(Oversize, OfEventsOnOneLineSaysWhatStripsLineEnds) {
  std::string joined;
  while (joined.size() < 300'000) joined += kA;
  EXPECT_THAT(validate(joined, BodyForm::sniff).refusals.at(0).reason,
              HasSubstr("--data-binary @file"));
}

TEST_F(Oversize, RefusalsPastTheLimitAreKeptAsOne) {
  std::string body;
  const std::uint32_t count = Validator::kRefusalsMax + 20'000;
  std::string rest;
  for (std::uint32_t i = 0; i < count; ++i) {
    body += "rubbish\n";
    if (i >= Validator::kRefusalsMax) rest += "rubbish\n";
  }
  const Verdict& verdict = validate(body + kA, BodyForm::ndjson);
  EXPECT_EQ(verdict.lines, kA + '\n');
  ASSERT_THAT(verdict.refusals, SizeIs(Validator::kRefusalsMax + 1));
  const Refusal& last = verdict.refusals.back();
  EXPECT_EQ(last.line, Validator::kRefusalsMax + 1);
  EXPECT_EQ(last.length, rest.size());
  EXPECT_EQ(last.bytes, rest.substr(0, Validator::kEventBytesMax));
  EXPECT_THAT(last.sha256, SizeIs(32));
  EXPECT_THAT(last.reason, HasSubstr("this and 19999 more"));
}

}  // namespace
}  // namespace tally::ingest
