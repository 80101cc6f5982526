#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "ingest/validator.h"
#include "tests/ingest/event_line_generator.h"
#include "tests/ingest/plain_event_check.h"

namespace tally::ingest {
namespace {

constexpr std::uint64_t kSeed = 20260123;

/// What has to become of a body, worked out one line at a time.
struct Expected {
  std::string lines;
  std::vector<std::uint64_t> offsets;  ///< of the accepted events
  std::vector<std::uint32_t> refused;  ///< line numbers
  std::vector<std::string> refused_bytes;
};

Expected plain_verdict(std::string_view body) {
  Expected expected;
  std::uint32_t number = 0;
  for (std::size_t begin = 0; begin < body.size();) {
    ++number;
    const std::size_t line_end = body.find('\n', begin);
    std::string_view line = body.substr(begin, line_end - begin);
    if (line_end != body.npos && line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") != line.npos) {
      if (tests::plain_event_check(line)) {
        expected.lines += std::string(line) + '\n';
        expected.offsets.push_back(begin);
      } else {
        expected.refused.push_back(number);
        expected.refused_bytes.emplace_back(line);
      }
    }
    begin = line_end == body.npos ? body.size() : line_end + 1;
  }
  return expected;
}

/// Where the extents say that each event begins.
std::vector<std::uint64_t> offsets_of(const Verdict& verdict) {
  std::vector<std::uint64_t> offsets;
  std::size_t extent = 0;
  std::uint64_t offset = 0;
  std::string_view lines = verdict.lines;
  for (std::uint32_t i = 0; i < verdict.count; ++i) {
    if (extent < verdict.extents.size() && verdict.extents[extent].first == i) {
      offset = verdict.extents[extent++].offset;
    }
    offsets.push_back(offset);
    const std::size_t length = lines.find('\n');
    lines.remove_prefix(length + 1);
    offset += length + verdict.extents[extent - 1].line_end;
  }
  return offsets;
}

void expect_same(const Verdict& verdict, const Expected& expected) {
  EXPECT_TRUE(verdict.lines == expected.lines);
  EXPECT_EQ(verdict.count, expected.offsets.size());
  EXPECT_EQ(offsets_of(verdict), expected.offsets);
  std::vector<std::uint32_t> refused;
  std::vector<std::string> bytes;
  for (const Refusal& refusal : verdict.refusals) {
    refused.push_back(refusal.line);
    bytes.push_back(refusal.bytes);
    EXPECT_FALSE(refusal.reason.empty());
  }
  EXPECT_EQ(refused, expected.refused);
  EXPECT_EQ(bytes, expected.refused_bytes);
}

TEST(ValidatorProperty, AgreesWithAPlainCheckOfEachLine) {
  tests::EventLineGenerator generator(kSeed);
  std::mt19937_64 random(kSeed);
  Validator validator;
  for (int round = 0; round < 120; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    std::string body;
    const std::size_t lines = random() % (round % 20 == 0 ? 2000 : 40);
    const bool mostly_good = random() % 2 == 0;
    const std::string usual_end = random() % 4 == 0 ? "\r\n" : "\n";
    for (std::size_t i = 0; i < lines; ++i) {
      const bool good = mostly_good ? random() % 64 != 0 : random() % 2 == 0;
      if (random() % 32 == 0) body += random() % 2 == 0 ? "\n" : " \t\r\n";
      body += good ? generator.good_line() : generator.mutated_line();
      if (i + 1 < lines || random() % 2 == 0) body += random() % 32 == 0 ? "\r\n" : usual_end;
    }
    const Expected expected = plain_verdict(body);
    std::string copy = body;
    copy.append(Validator::kPadding, static_cast<char>(random()));
    expect_same(validator.validate({copy.data(), body.size()}, BodyForm::ndjson), expected);
  }
}

TEST(ValidatorProperty, AnArrayGivesTheLinesThatNdjsonGives) {
  tests::EventLineGenerator generator(kSeed);
  std::mt19937_64 random(kSeed);
  Validator validator;
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    std::string body = "[";
    std::string lines;
    std::vector<std::uint32_t> refused;
    const std::size_t count = random() % 50;
    for (std::uint32_t i = 1; i <= count; ++i) {
      std::string element = generator.good_line();
      if (random() % 8 == 0) {
        element = random() % 2 == 0 ? R"({"service": ["]", "},{"]})" : "17";
        refused.push_back(i);
      } else {
        // The blanks around an element are not part of it.
        const std::size_t begin = element.find('{');
        element = element.substr(begin, element.rfind('}') + 1 - begin);
        lines += element + '\n';
      }
      body += (i > 1 ? " ,\n" : "") + element;
    }
    std::replace(lines.begin(), lines.end(), '\r', ' ');
    body += "]";
    std::string copy = body;
    copy.append(Validator::kPadding, '"');
    const Verdict& verdict = validator.validate({copy.data(), body.size()}, BodyForm::array);
    EXPECT_TRUE(verdict.lines == lines);
    std::vector<std::uint32_t> found;
    for (const Refusal& refusal : verdict.refusals) found.push_back(refusal.line);
    EXPECT_EQ(found, refused);
  }
}

TEST(ValidatorProperty, AnyCutOfABodyIsTaken) {
  tests::EventLineGenerator generator(kSeed);
  Validator validator;
  const std::string body = generator.good_line() + "\r\n[" + generator.good_line() + ",\n" +
                           generator.mutated_line() + "]";
  for (std::size_t begin = 0; begin < body.size(); ++begin) {
    for (const BodyForm form :
         {BodyForm::ndjson, BodyForm::object, BodyForm::array, BodyForm::sniff}) {
      std::string copy = body.substr(begin);
      const std::size_t size = copy.size();
      copy.append(Validator::kPadding, '{');
      const Verdict& verdict = validator.validate({copy.data(), size}, form);
      EXPECT_EQ(std::count(verdict.lines.begin(), verdict.lines.end(), '\n'), verdict.count);
    }
  }
}

}  // namespace
}  // namespace tally::ingest
