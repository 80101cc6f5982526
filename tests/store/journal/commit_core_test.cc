#include "store/journal/commit_core.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "store/disk/field_codec.h"
#include "store/journal/journal_format.h"

namespace tally::store {
namespace {

/// Reads cores that no writer makes: each has one thing wrong.
class CommitCore : public testing::Test {
 protected:
  static std::string field(CoreField type, std::string_view value) {
    std::string out;
    put_field(out, static_cast<std::uint8_t>(type), value);
    return out;
  }

  static std::string varints(std::initializer_list<std::uint64_t> values) {
    std::string out;
    for (const std::uint64_t value : values) put_varint(out, value);
    return out;
  }

  static std::string start() {
    return field(CoreField::first, varints({1})) +
           field(CoreField::previous_core, std::string(32, '\0'));
  }

  static std::string name(std::string_view text) {
    std::string out;
    put_text(out, text);
    return out;
  }

  /// count, time, kind, line end, offset, source, client.
  static std::string run(std::uint64_t count, std::uint64_t kind, std::uint64_t line_end,
                         std::uint64_t source, std::uint64_t client) {
    return varints({count, 0, kind, line_end, 0, source, client});
  }

  static bool read(const std::string& core) {
    CommitHeader header;
    const auto result = read_core(core, header);
    if (!result) {
      EXPECT_EQ(result.error().code, Errc::corruption);
    }
    return result.has_value();
  }

  static bool read_run(const std::string& run) {
    return read(start() + field(CoreField::names, name("n")) + field(CoreField::runs, run));
  }
};

TEST_F(CommitCore, RunsNeedAKnownKindAndNamesThatAreThere) {
  EXPECT_TRUE(read_run(run(1, 1, 0, 0, 0)));
  EXPECT_FALSE(read_run(run(0, 1, 0, 0, 0)));
  EXPECT_FALSE(read_run(run(kCommitEventsMax + 1, 1, 0, 0, 0)));
  EXPECT_FALSE(read_run(run(1, 0, 0, 0, 0)));
  EXPECT_FALSE(read_run(run(1, 5, 0, 0, 0)));
  EXPECT_FALSE(read_run(run(1, 1, 3, 0, 0)));
  EXPECT_FALSE(read_run(run(1, 1, 0, 1, 0)));
  EXPECT_FALSE(read_run(run(1, 1, 0, 0, ~std::uint64_t{0})));
}

TEST_F(CommitCore, FewBytesDoNotBecomeManyByNamingALongNameOften) {
  const std::string names = field(CoreField::names, name(std::string(kNameBytesMax, 'n')));
  const auto runs = [](std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += run(1, 1, 0, 0, 0);
    return field(CoreField::runs, all);
  };
  constexpr std::size_t kFit = kCommitNameBytesMax / (2 * kNameBytesMax);
  EXPECT_TRUE(read(start() + names + runs(kFit)));
  EXPECT_FALSE(read(start() + names + runs(kFit + 1)));
}

TEST_F(CommitCore, ListsEndAtTheirLimits) {
  const auto runs = [](std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += run(1, 1, 0, 0, 0);
    return field(CoreField::names, name("n")) + field(CoreField::runs, all);
  };
  EXPECT_TRUE(read(start() + runs(kCommitRunsMax)));
  EXPECT_FALSE(read(start() + runs(kCommitRunsMax + 1)));
  EXPECT_FALSE(read(start() + field(CoreField::names, std::string(2 * kCommitRunsMax + 1, '\0'))));
}

TEST_F(CommitCore, FramesHoldAtLeastAByteForEachEvent) {
  const auto frame = [](std::uint64_t count, std::uint64_t lines_bytes) {
    return field(CoreField::frames, varints({count, lines_bytes}) + std::string(32, 'h'));
  };
  EXPECT_TRUE(read(start() + frame(1, 1)));
  EXPECT_FALSE(read(start() + frame(0, 1)));
  EXPECT_FALSE(read(start() + frame(2, 1)));
  EXPECT_FALSE(read(start() + frame(1, kFrameLinesMax + 1)));
  EXPECT_FALSE(read(start() + field(CoreField::frames, varints({1, 1}) + std::string(31, 'h'))));
}

TEST_F(CommitCore, FirstSequenceAndPreviousCoreAreRequired) {
  EXPECT_TRUE(read(start()));
  EXPECT_FALSE(read(field(CoreField::first, varints({1}))));
  EXPECT_FALSE(read(field(CoreField::previous_core, std::string(32, '\0'))));
  EXPECT_FALSE(read(start().substr(0, 10)));
  EXPECT_FALSE(read(field(CoreField::first, varints({1, 1})) +
                    field(CoreField::previous_core, std::string(32, '\0'))));
}

}  // namespace
}  // namespace tally::store
