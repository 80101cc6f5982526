#include "ingest/file_position.h"

#include <gtest/gtest.h>

#include <fstream>

#include <fcntl.h>
#include <unistd.h>

#include "tests/support/temporary_directory.h"

namespace tally::ingest {
namespace {

FilePosition some_position() {
  FilePosition position;
  position.id = {64769, 18'446'744'073'709'551'615U};
  position.offset = 123'456'789'012;
  position.head_length = 1024;
  position.head.fill(std::byte{0xA5});
  position.tail.fill(std::byte{0x0F});
  return position;
}

TEST(FilePosition, ComesBackFromItsText) {
  const FilePosition position = some_position();
  EXPECT_EQ(decode_file_position(encode(position)), position);
  EXPECT_EQ(decode_file_position(encode(FilePosition{})), FilePosition{});
}

TEST(FilePosition, IsNotReadFromDamagedText) {
  const std::string text = encode(some_position());
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(decode_file_position(text.substr(0, length))) << length;
  }
  EXPECT_FALSE(decode_file_position(text + '0'));
  EXPECT_FALSE(decode_file_position('2' + text.substr(1)));
  EXPECT_FALSE(decode_file_position("1 x 2 3 4 " + text.substr(text.size() - 129)));
}

TEST(CheckpointSource, HoldsThePath) {
  EXPECT_EQ(path_of_source(checkpoint_source({1, 2}, "/var/log/a:b c.jsonl")),
            "/var/log/a:b c.jsonl");
  EXPECT_FALSE(path_of_source("kafka:topic/1"));
  EXPECT_FALSE(path_of_source("file:1"));
}

TEST(FilePosition, TellsWhetherAFileHoldsWhatWasRead) {
  const tests::TemporaryDirectory directory;
  const std::string path = directory.path() / "file";
  std::ofstream(path) << std::string(100, 'a') << std::string(100, 'b');
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  FilePosition position;
  position.offset = 150;
  position.head_length = 150;
  position.head = hash_range(file, 0, 150).value();
  position.tail = hash_range(file, 86, 64).value();
  EXPECT_TRUE(has_bytes_of(file, position));
  ASSERT_EQ(::pwrite(file, "x", 1, 160), 1);
  EXPECT_TRUE(has_bytes_of(file, position)) << "what comes later does not matter";
  ASSERT_EQ(::pwrite(file, "x", 1, 149), 1);
  EXPECT_FALSE(has_bytes_of(file, position));
  ASSERT_EQ(::pwrite(file, "b", 1, 149), 1);
  ASSERT_EQ(::ftruncate(file, 149), 0);
  EXPECT_FALSE(has_bytes_of(file, position));
  ::close(file);
}

}  // namespace
}  // namespace tally::ingest
