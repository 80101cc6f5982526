#include "tests/support/memory_file.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tally::tests {
namespace {

constexpr std::size_t kPage = MemoryFile::kPageBytes;

std::string content(const MemoryFile& file) {
  std::string text(file.size(), '?');
  text.resize(file.read(0, text));
  return text;
}

/// All that is found over many crashes.
std::set<std::string> crashes(const MemoryFile& file) {
  std::set<std::string> found;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random(seed);
    found.insert(content(file.after_crash(random)));
  }
  return found;
}

std::string pages(std::string_view letters) {
  std::string text;
  for (const char letter : letters) text.append(kPage, letter == '0' ? '\0' : letter);
  return text;
}

std::set<std::string> all_of(const std::vector<std::string_view>& list) {
  std::set<std::string> found;
  for (const std::string_view letters : list) found.insert(pages(letters));
  return found;
}

MemoryFile synced(std::string_view letters) {
  MemoryFile file;
  file.write(0, pages(letters));
  file.sync();
  return file;
}

TEST(MemoryFile, LosesNothingThatIsSynced) { EXPECT_EQ(crashes(synced("ab")), all_of({"ab"})); }

TEST(MemoryFile, LosesAnySubsetOfOverwrittenPages) {
  MemoryFile file = synced("abc");
  file.write(0, pages("XYZ"));
  EXPECT_EQ(crashes(file), all_of({"abc", "Xbc", "aYc", "abZ", "XYc", "XbZ", "aYZ", "XYZ"}));
}

TEST(MemoryFile, MayKeepTheSizeWithoutTheData) {
  MemoryFile file = synced("a");
  file.write(kPage, pages("BC"));
  EXPECT_EQ(crashes(file), all_of({"a", "aB", "a0", "aBC", "a0C", "aB0", "a00"}));
}

TEST(MemoryFile, KeepsWhatWasSyncedOfAPageThatGrew) {
  MemoryFile file;
  file.write(0, "abc");
  file.sync();
  file.write(3, "def");
  EXPECT_EQ(crashes(file), (std::set<std::string>{"abc", "abcdef", std::string("abc\0\0\0", 6)}));
}

TEST(MemoryFile, BringsBackAnyVersionSinceTheLastSync) {
  MemoryFile file = synced("a");
  for (const char* letter : {"B", "C", "D"}) file.write(0, pages(letter));
  EXPECT_EQ(crashes(file), all_of({"a", "B", "C", "D"}));
}

TEST(MemoryFile, TakesPagesOfAFailedSyncForClean) {
  MemoryFile file = synced("ab");
  file.write(0, pages("XY"));
  file.fail_sync();
  file.sync();
  EXPECT_EQ(content(file), pages("XY"));
  EXPECT_EQ(crashes(file), all_of({"ab", "Xb", "aY", "XY"}));
  file.drop_cache();
  EXPECT_EQ(content(file), pages("ab"));
  EXPECT_EQ(crashes(file), all_of({"ab"}));
}

TEST(MemoryFile, SyncsAPageThatIsWrittenAgainAfterAFailedSync) {
  MemoryFile file = synced("ab");
  file.write(0, pages("XY"));
  file.fail_sync();
  file.write(kPage - 1, "z");
  file.sync();
  file.drop_cache();
  EXPECT_EQ(content(file), std::string(kPage - 1, 'X') + "z" + pages("b"));
}

TEST(MemoryFile, KeepsDirtyPagesWhenTheCacheIsDropped) {
  MemoryFile file = synced("a");
  file.write(0, pages("X"));
  file.drop_cache();
  EXPECT_EQ(content(file), pages("X"));
}

TEST(MemoryFile, ReadsLostPagesBehindTheDurableEndAsZeros) {
  MemoryFile file = synced("a");
  file.write(kPage, pages("B"));
  file.fail_sync();
  file.drop_cache();
  EXPECT_EQ(content(file), pages("a0"));
}

TEST(MemoryFile, MayUndoATruncationButNotHalfOfIt) {
  MemoryFile file = synced("abc");
  file.truncate(kPage);
  EXPECT_EQ(crashes(file), all_of({"abc", "a"}));
  file.truncate(2 * kPage);
  EXPECT_EQ(crashes(file), all_of({"abc", "a", "a0"}));
  file.sync();
  file.truncate(3 * kPage);
  file.sync();
  EXPECT_EQ(crashes(file), all_of({"a00"}));
}

TEST(MemoryFile, IsWholeAgainAfterACrash) {
  MemoryFile file = synced("a");
  file.write(0, pages("XY"));
  std::mt19937_64 random(1);
  const MemoryFile found = file.after_crash(random);
  EXPECT_EQ(crashes(found), (std::set<std::string>{content(found)}));
}

}  // namespace
}  // namespace tally::tests
