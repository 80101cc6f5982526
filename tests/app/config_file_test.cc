#include "app/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tally::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string error_of(std::string_view text) {
  const auto settings = parse_config_file(text, "t.toml");
  return settings ? "no error" : settings.error().context;
}

TEST(ConfigFile, ReadsKeysAndSections) {
  const auto settings =
      parse_config_file("listen = \"[::1]:1\"\n[journal]\nfile_events = 7\n", "t.toml");
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings.value().size(), 2u);
  for (const FileSetting& setting : settings.value()) {
    if (setting.key->name == "listen") {
      EXPECT_THAT(setting.values, ElementsAre("[::1]:1"));
      EXPECT_EQ(setting.place, "t.toml:1:1");
    } else {
      EXPECT_EQ(setting.key->name, "journal.file_events");
      EXPECT_THAT(setting.values, ElementsAre("7"));
      EXPECT_EQ(setting.place, "t.toml:3:1");
    }
  }
}

TEST(ConfigFile, TailsAreTablesOrAList) {
  for (const char* text :
       {"[[tail]]\npath = \"a\"\n[[tail]]\npath = \"b\"\n", "tail = ['a', 'b']"}) {
    const auto settings = parse_config_file(text, "t.toml");
    ASSERT_TRUE(settings) << text;
    ASSERT_EQ(settings.value().size(), 1u);
    EXPECT_THAT(settings.value()[0].values, ElementsAre("a", "b"));
  }
}

TEST(ConfigFile, UnknownKeyNamesPlaceAndNearest) {
  EXPECT_EQ(error_of("\nlisten = 'a:1'\n  liste = 1\n"),
            "t.toml:3:3: there is no key \"liste\"; the nearest is \"listen\"");
  EXPECT_THAT(error_of("[log]\nlevle = 'info'\n"),
              HasSubstr("t.toml:2:1: there is no key \"log.levle\"; the nearest is \"log.level\""));
  EXPECT_THAT(error_of("[logg]\nlevel = 'info'\n"), HasSubstr("t.toml:1:"));
}

TEST(ConfigFile, UnknownKeyOfATailIsFound) {
  EXPECT_THAT(error_of("[[tail]]\npath = 'a'\nservices = ['x']\n"),
              HasSubstr("t.toml:3:1: [[tail]] knows \"path\" only"));
  EXPECT_THAT(error_of("[[tail]]\n"), HasSubstr("\"path\" is missing"));
}

TEST(ConfigFile, WrongTypesAndBadTomlNameTheirPlace) {
  EXPECT_THAT(error_of("data = [1]"), HasSubstr("t.toml:1:8: data wants a text or a whole number"));
  EXPECT_THAT(error_of("tail = [1.5]"), HasSubstr("t.toml:1:9: tail wants a list of texts"));
  EXPECT_THAT(error_of("data = 'a'\ndata = 'b'\n"), HasSubstr("t.toml:2:"));
}

TEST(ConfigFile, MissingFileIsNamed) {
  const auto settings = read_config_file("/nowhere/t.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, Errc::not_found);
  EXPECT_THAT(settings.error().context, HasSubstr("/nowhere/t.toml"));
}

}  // namespace
}  // namespace tally::app
