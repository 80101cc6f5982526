#include <gtest/gtest.h>

#include <string>

#include "tests/e2e/command_line.h"

// The program as scripts use it: exit statuses, and what is on standard output and only there.

namespace tally::tests {
namespace {

const std::string kLine = R"({ "service":"web", "timestamp":"2026-01-23T21:55:09.5+01:00",)"
                          R"("operation":"list","success":true })";

TEST_F(CommandLine, QueryEndsWith0WhereSomethingIsFoundAnd1WhereNothingIs) {
  write("lines", kLine + "\n");
  ASSERT_EQ(tally("import lines").status, 0);
  EXPECT_EQ(tally("query --service web").status, 0);
  EXPECT_EQ(tally("query --service db").status, 1);
  EXPECT_EQ(tally("count --service web").status, 0);
  EXPECT_EQ(tally("count --service db").status, 1);
}

TEST_F(CommandLine, ReadingAStoreThatIsNotThereIs2AndMakesNone) {
  const Ran ran = tally("query");
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.output, "");
  EXPECT_NE(complaint().find("there is no store in"), std::string::npos);
  EXPECT_FALSE(exists("tally-data"));
}

TEST_F(CommandLine, MistakesAre2AndSaidOnStandardError) {
  for (const char* const arguments :
       {"", "qery", "query --sevice web", "query --since banana", "query -o xml",
        "count --by colour", "import", "serve extra"}) {
    const Ran ran = tally(arguments);
    EXPECT_EQ(ran.status, 2) << arguments;
    EXPECT_EQ(ran.output, "") << arguments;
    EXPECT_NE(complaint(), "") << arguments;
  }
}

TEST_F(CommandLine, ImportedLinesComeBackByteForByte) {
  write("lines", kLine + "\n" + kLine + "\n");
  EXPECT_EQ(tally("import lines").status, 0);
  EXPECT_EQ(tally("query -o jsonl").output, kLine + "\n" + kLine + "\n");
}

TEST_F(CommandLine, ImportWithRefusedLinesIs1AndListsThem) {
  write("lines", kLine + "\nnonsense\n");
  EXPECT_EQ(tally("import lines").status, 1);
  EXPECT_NE(complaint().find("lines:2: not a JSON object"), std::string::npos) << complaint();
  const Ran rejected = tally("rejected");
  EXPECT_EQ(rejected.status, 0);
  EXPECT_NE(rejected.output.find("nonsense"), std::string::npos);
}

TEST_F(CommandLine, EmittedEventIsFound) {
  ASSERT_EQ(tally("emit --data tally-data --service web --operation stop --container c "
                  "--error 'no such container' --meta by=ops")
                .status,
            0);
  const Ran ran = tally("query --failed --container c -o csv");
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.output.find("no such container"), std::string::npos) << ran.output;
}

TEST_F(CommandLine, ConfigurationMistakeNamesItsPlaceAndTheNearestKey) {
  write("tally.toml", "# mine\nlisen = \"127.0.0.1:1\"\n");
  EXPECT_EQ(tally("config check --config tally.toml").status, 2);
  EXPECT_NE(complaint().find("tally.toml:2:1"), std::string::npos) << complaint();
  EXPECT_NE(complaint().find("\"listen\""), std::string::npos) << complaint();
}

}  // namespace
}  // namespace tally::tests
