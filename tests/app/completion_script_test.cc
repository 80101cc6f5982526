#include "app/completion_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "app/man_page.h"
#include "tests/support/temporary_directory.h"

namespace tally::app {
namespace {

using ::testing::HasSubstr;

CommandEntry example() {
  CommandEntry show{{"tally", "config", "show"}, "show: it's all", "", {}, {}};
  show.options.push_back({{"--data"}, "", "DIR", "The store", "./x", "TALLY_DATA", false, false});
  CommandEntry config{{"tally", "config"}, "about configuration", "", {}, {show}};
  CommandEntry emit{{"tally", "emit"}, "report", "", {}, {}};
  emit.options.push_back({{"-o", "--output"}, "", "", "how", "", "", false, true});
  return {{"tally"}, "an audit log", "", {}, {config, emit}};
}

// What bash offers for a command line whose last word is being typed.
std::string offered(const std::string& words, int current) {
  tests::TemporaryDirectory directory;
  const std::string script = (directory.path() / "try.sh").string();
  std::ofstream(script) << write_bash_completion(example()) << "COMP_WORDS=(" << words
                        << "); COMP_CWORD=" << current << "\n_tally\necho \"${COMPREPLY[*]}\"\n";
  FILE* pipe = popen(("bash " + script).c_str(), "r");
  char line[1000] = {};
  const bool read = std::fgets(line, sizeof line, pipe) != nullptr;
  pclose(pipe);
  return read ? line : "nothing";
}

TEST(CompletionScript, BashOffersCommandsThenTheirOptions) {
  EXPECT_EQ(offered("tally ''", 1), "config emit\n");
  EXPECT_EQ(offered("tally em", 1), "emit\n");
  EXPECT_EQ(offered("tally config ''", 2), "show\n");
  EXPECT_EQ(offered("tally config show --", 3), "--data\n");
  EXPECT_EQ(offered("tally emit x -", 3), "-o --output\n");
}

TEST(CompletionScript, ZshAndFishNameEverything) {
  const std::string zsh = write_zsh_completion(example());
  EXPECT_THAT(zsh, HasSubstr("\"tally config show\") items=( '--data:The store' )"));
  EXPECT_THAT(zsh, HasSubstr("'config:about configuration'"));
  const std::string fish = write_fish_completion(example());
  EXPECT_THAT(fish, HasSubstr("-a show -d 'show: its all'"));
  EXPECT_THAT(fish, HasSubstr("-n '__fish_seen_subcommand_from config; and "
                              "__fish_seen_subcommand_from show' -l data -r -d 'The store'"));
}

TEST(ManPage, ShowsCommandsOptionsAndVariables) {
  const std::string page = write_man_page(example());
  EXPECT_THAT(page, HasSubstr(".SS tally config show\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-data\\fR \\fIDIR\\fR\nThe store.\nDefault: \\&./x.\n"
                              "Environment: TALLY_DATA.\n"));
}

}  // namespace
}  // namespace tally::app
