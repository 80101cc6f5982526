#include "tests/support/memory_directory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace tally::tests {
namespace {

MemoryEntry file(std::string_view text) {
  MemoryEntry entry{std::make_shared<MemoryFile>(), nullptr};
  entry.file->write(0, text);
  entry.file->sync();
  return entry;
}

/// "a=text b=text", each name with what its file holds.
std::string describe(const MemoryDirectory& directory) {
  std::string text;
  for (const auto& [name, entry] : directory.entries()) {
    std::string bytes(entry.file->size(), '?');
    entry.file->read(0, bytes);
    text += (text.empty() ? "" : " ") + name + "=" + bytes;
  }
  return text;
}

std::set<std::string> crashes(const MemoryDirectory& directory) {
  std::set<std::string> found;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random(seed);
    found.insert(describe(*directory.after_crash(random)));
  }
  return found;
}

using Outcomes = std::set<std::string>;

TEST(MemoryDirectory, KeepsWhatIsSynced) {
  MemoryDirectory directory;
  directory.add("a", file("1"));
  directory.sync();
  EXPECT_EQ(crashes(directory), (Outcomes{"a=1"}));
}

TEST(MemoryDirectory, LosesCreationsIndependently) {
  MemoryDirectory directory;
  directory.add("a", file("1"));
  directory.add("b", file("2"));
  EXPECT_EQ(crashes(directory), (Outcomes{"", "a=1", "b=2", "a=1 b=2"}));
}

TEST(MemoryDirectory, LosesRemovalsIndependently) {
  MemoryDirectory directory;
  directory.add("a", file("1"));
  directory.add("b", file("2"));
  directory.sync();
  directory.remove("a");
  directory.remove("b");
  EXPECT_EQ(describe(directory), "");
  EXPECT_EQ(crashes(directory), (Outcomes{"", "a=1", "b=2", "a=1 b=2"}));
}

TEST(MemoryDirectory, RenamesWhollyOrNotAtAll) {
  MemoryDirectory directory;
  directory.add("a", file("new"));
  directory.add("b", file("old"));
  directory.sync();
  directory.rename("a", "b");
  EXPECT_EQ(crashes(directory), (Outcomes{"a=new b=old", "b=new"}));
}

TEST(MemoryDirectory, KeepsARenameWhoseCreationIsLost) {
  MemoryDirectory directory;
  directory.add("a", file("1"));
  directory.rename("a", "b");
  EXPECT_EQ(crashes(directory), (Outcomes{"", "a=1", "b=1"}));
}

TEST(MemoryDirectory, NeverGivesAFileTwoNames) {
  MemoryDirectory directory;
  directory.add("a", file("1"));
  directory.sync();
  directory.rename("a", "b");
  directory.rename("b", "c");
  EXPECT_EQ(crashes(directory), (Outcomes{"a=1", "b=1", "c=1"}));
}

TEST(MemoryDirectory, MixesARemovalAndANewFileOfTheSameName) {
  MemoryDirectory directory;
  directory.add("a", file("old"));
  directory.sync();
  directory.remove("a");
  directory.add("a", file("new"));
  EXPECT_EQ(crashes(directory), (Outcomes{"", "a=old", "a=new"}));
}

TEST(MemoryDirectory, LosesWhatIsInALostDirectory) {
  auto inner = std::make_shared<MemoryDirectory>();
  inner->add("f", file("1"));
  inner->sync();
  MemoryDirectory outer;
  outer.add("d", {nullptr, inner});
  Outcomes found;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    const MemoryEntry entry = outer.after_crash(random)->find("d");
    found.insert(entry.exists() ? describe(*entry.directory) : "lost");
  }
  EXPECT_EQ(found, (Outcomes{"lost", "f=1"}));
}

}  // namespace
}  // namespace tally::tests
