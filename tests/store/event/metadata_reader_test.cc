#include "store/event/metadata_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/support/padded_text.h"

namespace tally::store {
namespace {

std::optional<std::string> find(std::string_view metadata, std::string_view path) {
  MetadataReader reader;
  const tests::PaddedText text(metadata);
  const auto found = reader.find(text.view(), path);
  return found ? std::optional<std::string>(*found) : std::nullopt;
}

TEST(MetadataReader, FindsValuesOfEveryType) {
  constexpr std::string_view kMetadata =
      R"({"s": "a\"b", "n": 1.50e3 , "t":true,"z":null,"a":[1, 2] ,"o":{ "x": 1 } })";
  EXPECT_EQ(find(kMetadata, "s"), "a\"b");
  EXPECT_EQ(find(kMetadata, "n"), "1.50e3");
  EXPECT_EQ(find(kMetadata, "t"), "true");
  EXPECT_EQ(find(kMetadata, "z"), std::nullopt);
  EXPECT_EQ(find(kMetadata, "a"), "[1, 2]");
  EXPECT_EQ(find(kMetadata, "o"), R"({ "x": 1 })");
  EXPECT_EQ(find(kMetadata, "other"), std::nullopt);
  EXPECT_EQ(find("", "s"), std::nullopt);
}

TEST(MetadataReader, FollowsPathsIntoObjects) {
  constexpr std::string_view kMetadata =
      R"({"net":{"deep":{"x":1},"ip":"::1"},"net.port":80,"a.b":{"c":2},"\u006bey":3,"list":[{}]})";
  EXPECT_EQ(find(kMetadata, "net.ip"), "::1");
  EXPECT_EQ(find(kMetadata, "net.deep.x"), "1");
  EXPECT_EQ(find(kMetadata, "net.port"), "80");
  EXPECT_EQ(find(kMetadata, "a.b.c"), "2");
  EXPECT_EQ(find(kMetadata, "key"), "3");
  EXPECT_EQ(find(kMetadata, "net.ip.x"), std::nullopt);
  EXPECT_EQ(find(kMetadata, "list.x"), std::nullopt);
}

TEST(MetadataReader, ListsTheOutermostKeys) {
  MetadataReader reader;
  const tests::PaddedText text(
      R"({"count": 20, "note":"two\nlines", "inner": {"a": [1]}, "none": null})");
  std::vector<std::pair<std::string, std::string>> seen;
  for (const MetadataField& field : reader.fields(text.view())) {
    seen.emplace_back(field.key, field.value);
    EXPECT_EQ(field.is_string, field.key == "note");
  }
  const std::vector<std::pair<std::string, std::string>> expected{
      {"count", "20"}, {"note", "two\nlines"}, {"inner", R"({"a": [1]})"}, {"none", "null"}};
  EXPECT_EQ(seen, expected);
  EXPECT_TRUE(reader.fields("").empty());
}

}  // namespace
}  // namespace tally::store
