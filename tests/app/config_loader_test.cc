#include "app/config_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "app/config_file.h"
#include "tests/support/temporary_directory.h"

namespace tally::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A configuration from a file's text, variables and flags.
class ConfigLoader : public ::testing::Test {
 protected:
  void file(const std::string& text) {
    sources_.file = (directory_.path() / "t.toml").string();
    std::ofstream(sources_.file) << text;
  }

  Result<LoadedConfig> load() {
    sources_.environment = [this](const char* name) {
      const auto found = variables_.find(name);
      return found == variables_.end() ? nullptr : found->second.c_str();
    };
    return load_config(sources_);
  }

  tests::TemporaryDirectory directory_;
  ConfigSources sources_;
  std::map<std::string, std::string> variables_;
};

TEST_F(ConfigLoader, DefaultsAreThoseOfTheStruct) {
  const auto loaded = load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded.value().config.listen, Config{}.listen);
  EXPECT_EQ(loaded.value().origins.at("listen"), "default");
}

TEST_F(ConfigLoader, FileBeatsDefaultEnvironmentBeatsFileFlagBeatsAll) {
  file("listen = '127.0.0.1:1'\ndata = 'of file'\nio_threads = 3\n");
  variables_ = {{"TALLY_LISTEN", "127.0.0.1:2"}, {"TALLY_DATA", "of variable"}};
  sources_.flags["listen"] = {"127.0.0.1:3"};
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().context;
  EXPECT_EQ(loaded.value().config.listen, "127.0.0.1:3");
  EXPECT_EQ(loaded.value().origins.at("listen"), "--listen");
  EXPECT_EQ(loaded.value().config.data, "of variable");
  EXPECT_EQ(loaded.value().origins.at("data"), "TALLY_DATA");
  EXPECT_EQ(loaded.value().config.io_threads, 3u);
  EXPECT_THAT(loaded.value().origins.at("io_threads"), HasSubstr("t.toml:3:1"));
}

TEST_F(ConfigLoader, AListIsReplacedNotExtended) {
  file("tail = ['a', 'b']\n");
  variables_ = {{"TALLY_TAIL", "c,d"}};
  EXPECT_THAT(load().value().config.tail, ElementsAre("c", "d"));
  sources_.flags["tail"] = {"e"};
  EXPECT_THAT(load().value().config.tail, ElementsAre("e"));
}

TEST_F(ConfigLoader, TheFileMayComeFromAVariable) {
  file("durability = 'os'\n");
  variables_ = {{"TALLY_CONFIG", sources_.file}};
  sources_.file.clear();
  EXPECT_EQ(load().value().config.durability, store::Durability::os);
}

TEST_F(ConfigLoader, BadValueNamesSourceAndKeyEvenWhereItIsOverridden) {
  file("durability = 'tape'\n");
  sources_.flags["durability"] = {"disk"};
  const auto loaded = load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().context,
              HasSubstr("t.toml:1:1: durability: \"tape\" is none of disk, os"));
}

TEST_F(ConfigLoader, EveryKeyRefusesNonsense) {
  for (const ConfigKey& key : config_keys()) {
    Config config;
    EXPECT_FALSE(key.set(config, "")) << key.name;
  }
}

TEST_F(ConfigLoader, EveryKeyReadsItsOwnDefaultBack) {
  for (const ConfigKey& key : config_keys()) {
    Config config;
    for (const std::string& value : key.get(config)) {
      EXPECT_TRUE(key.set(config, value)) << key.name << " " << value;
      EXPECT_THAT(key.get(config), ElementsAre(value)) << key.name;
    }
  }
}

TEST_F(ConfigLoader, TheDescriptionIsAFileWithTheSameMeaning) {
  file("tail = ['a \"quoted\" file', 'b']\n[log]\nlevel = 'warn'\n");
  const std::string described = describe_config(load().value());
  file(described);
  const auto again = load();
  ASSERT_TRUE(again) << again.error().context << "\n" << described;
  EXPECT_THAT(again.value().config.tail, ElementsAre("a \"quoted\" file", "b"));
  EXPECT_EQ(again.value().config.log_level, LogLevel::warn);
}

TEST(ConfigKey, FlagsAndVariablesFollowFromTheName) {
  const ConfigKey* key = find_config_key("journal.file_bytes");
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(flag_name(*key), "--journal-file-bytes");
  EXPECT_EQ(variable_name(*key), "TALLY_JOURNAL_FILE_BYTES");
}

}  // namespace
}  // namespace tally::app
