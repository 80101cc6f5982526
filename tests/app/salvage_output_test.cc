#include "app/salvage_output.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_directory.h"

namespace tally::app {
namespace {

std::string content(const store::Path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class SalvageOutputTest : public testing::Test {
 protected:
  /// Two events of a followed file, or what of them is known.
  store::SalvagedEvents events() {
    return {.chunk = {.first = Sequence{7}, .count = 2, .lines = "{}\n{\"a\":1}\n", .runs = runs_},
            .store = store::StoreId()};
  }

  SalvageOutput open(const std::string& name, bool envelope = false) {
    auto output = SalvageOutput::open({.target = directory_.path() / name, .envelope = envelope});
    EXPECT_TRUE(output) << to_string(output.error());
    return std::move(output).value();
  }

  tests::TemporaryDirectory directory_;
  std::vector<tally::Run> runs_{{.count = 2,
                                 .kind = SourceKind::file,
                                 .line_end = 1,
                                 .offset = 100,
                                 .source = "/log",
                                 .client = {}}};
};

TEST_F(SalvageOutputTest, WritesLinesAsTheyWere) {
  auto output = open("new.jsonl");
  ASSERT_TRUE(output.write(events()));
  ASSERT_TRUE(output.finish());
  EXPECT_EQ(content(directory_.path() / "new.jsonl"), "{}\n{\"a\":1}\n");
}

TEST_F(SalvageOutputTest, OverwritesNothing) {
  std::ofstream(directory_.path() / "there") << "precious";
  const auto output = SalvageOutput::open({.target = directory_.path() / "there"});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, Errc::invalid);
  EXPECT_EQ(content(directory_.path() / "there"), "precious");
}

TEST_F(SalvageOutputTest, ADirectoryKeepsApartWhatIsNotTheSame) {
  auto output = open("out/");
  ASSERT_TRUE(output.write(events()));
  auto unverified = events();
  unverified.verified = false;
  ASSERT_TRUE(output.write(unverified));
  ASSERT_TRUE(output.finish());
  EXPECT_EQ(content(directory_.path() / "out/events.jsonl"), "{}\n{\"a\":1}\n");
  EXPECT_EQ(content(directory_.path() / "out/unverified.jsonl"), "{}\n{\"a\":1}\n");
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "out/refused.jsonl"));
}

TEST_F(SalvageOutputTest, TheEnvelopeSaysWhatIsKnown) {
  auto output = open("new.jsonl", true);
  ASSERT_TRUE(output.write(events()));
  auto others = events();
  others.offsets_known = false;
  ASSERT_TRUE(output.write(others));
  others.chunk.runs = {};
  others.chunk.first = Sequence{0};
  others.store.reset();
  others.verified = false;
  ASSERT_TRUE(output.write(others));
  ASSERT_TRUE(output.finish());
  const std::string text = content(directory_.path() / "new.jsonl");
  EXPECT_NE(text.find(R"("name":"/log","offset":100},"client":null,"event":{}})"), text.npos);
  EXPECT_NE(text.find(R"("name":"/log","offset":103},"client":null,"event":{"a":1}})"), text.npos);
  EXPECT_NE(text.find(R"({"seq":8,"store":"00000000-)"), text.npos);
  EXPECT_NE(text.find(R"("name":"/log"},"client":null,"event":{}})"), text.npos);
  EXPECT_NE(text.find(R"({"seq":null,"store":null,"received":null,"source":null,"client":null,)"
                      R"("verified":false,"event":{}})"),
            text.npos);
}

}  // namespace
}  // namespace tally::app
