#include "app/line_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cstring>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace tally::app {
namespace {

namespace io = boost::iostreams;
using ::testing::HasSubstr;

class LineInputTest : public ::testing::Test {
 protected:
  std::string write(const std::string& bytes) {
    const std::string path = (directory_.path() / "input").string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  // All pieces put together; each is overwritten, padding included, before the next is asked for.
  static Result<std::string> read_all(const std::string& path) {
    TALLY_TRY(auto input, LineInput::open(path));
    std::string all;
    std::uint64_t lines = 0;
    for (;;) {
      TALLY_TRY(const auto piece, input.next());
      if (!piece) return all;
      EXPECT_EQ(piece->offset, all.size());
      EXPECT_EQ(piece->first_line, lines + 1);
      all.append(piece->bytes.data(), piece->bytes.size());
      lines +=
          static_cast<std::uint64_t>(std::count(piece->bytes.begin(), piece->bytes.end(), '\n'));
      std::memset(piece->bytes.data(), '#', piece->bytes.size() + LineInput::kPadding);
    }
  }

  template <class Compressor>
  static std::string compressed(const std::string& text) {
    std::string out;
    io::filtering_ostream stream;
    stream.push(Compressor());
    stream.push(io::back_inserter(out));
    stream << text;
    stream.reset();
    return out;
  }

  static std::string many_lines() {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
    return text + "the last has no end";
  }

  tests::TemporaryDirectory directory_;
};

TEST_F(LineInputTest, PlainLinesComeBack) {
  const std::string text = many_lines();
  EXPECT_EQ(read_all(write(text)).value(), text);
}

TEST_F(LineInputTest, EmptyAndTinyFilesAreFine) {
  for (const char* text : {"", "\n", "a", "a\n", "ab\nc"}) {
    EXPECT_EQ(read_all(write(text)).value(), text);
  }
}

TEST_F(LineInputTest, GzipAndZstdAreToldByContent) {
  const std::string text = many_lines();
  EXPECT_EQ(read_all(write(compressed<io::gzip_compressor>(text))).value(), text);
  EXPECT_EQ(read_all(write(compressed<io::zstd_compressor>(text))).value(), text);
}

TEST_F(LineInputTest, SeveralFramesOneAfterTheOther) {
  const std::string gzip =
      compressed<io::gzip_compressor>("a\n") + compressed<io::gzip_compressor>("b\n");
  EXPECT_EQ(read_all(write(gzip)).value(), "a\nb\n");
  const std::string skipped("\x51\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  const std::string zstd = skipped + compressed<io::zstd_compressor>("a\n") + skipped +
                           compressed<io::zstd_compressor>("b\n") + skipped;
  EXPECT_EQ(read_all(write(zstd)).value(), "a\nb\n");
}

TEST_F(LineInputTest, DamagedCompressionIsAnError) {
  for (const std::string& good : {compressed<io::gzip_compressor>(many_lines()),
                                  compressed<io::zstd_compressor>(many_lines())}) {
    const auto cut = read_all(write(good.substr(0, good.size() / 2)));
    EXPECT_FALSE(cut) << "a cut file";
    std::string bad = good;
    bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 0x55);
    EXPECT_FALSE(read_all(write(bad))) << "a flipped byte";
  }
}

TEST_F(LineInputTest, LongLinesAreReadUpToTheLimit) {
  const std::string line = std::string(5 * LineInput::kPieceBytes, 'x') + "\n";
  EXPECT_EQ(read_all(write("a\n" + line + "b\n")).value(), "a\n" + line + "b\n");
  const auto read = read_all(write("a\n" + std::string(2 * LineInput::kLineBytesMax, 'x')));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::too_large);
  EXPECT_THAT(read.error().context, HasSubstr("line 2 is over 16 MiB"));
}

TEST_F(LineInputTest, MissingFileAndDirectoryAreErrors) {
  EXPECT_EQ(LineInput::open("/nowhere/x").error().code, Errc::not_found);
  EXPECT_FALSE(LineInput::open(directory_.path().string()));
}

}  // namespace
}  // namespace tally::app
