#include "bench/response_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "bench/parsed_answer.h"

namespace tally::bench {
namespace {

constexpr std::string_view kTwoAnswers =
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nDate: x\r\n\r\nhello"
    "HTTP/1.1 204 No Content\r\nServer: y\r\n\r\n";

// Feeds the bytes in pieces of `size` and collects "STATUS BODY".
std::vector<std::string> read_in_pieces(std::string_view bytes, std::size_t size) {
  ResponseReader reader;
  std::vector<std::string> answers;
  while (!bytes.empty()) {
    const std::span<char> space = reader.space();
    const std::string_view piece = bytes.substr(0, std::min(size, space.size()));
    std::memcpy(space.data(), piece.data(), piece.size());
    reader.received(piece.size());
    bytes.remove_prefix(piece.size());
    while (const auto answer = reader.next()) {
      answers.push_back(std::to_string(answer->status) + " " + std::string(answer->body));
    }
  }
  return answers;
}

TEST(ResponseReader, CutsAnswersHoweverTheyArrive) {
  const std::vector<std::string> expected{"200 hello", "204 "};
  for (std::size_t size = 1; size <= kTwoAnswers.size(); ++size) {
    EXPECT_EQ(read_in_pieces(kTwoAnswers, size), expected) << "pieces of " << size;
  }
}

TEST(ResponseReader, GrowsForABodyOverItsBuffer) {
  const std::string body(100'000, 'b');
  const std::string bytes = "HTTP/1.1 400 Bad Request\r\nContent-Length: 100000\r\n\r\n" + body;
  EXPECT_EQ(read_in_pieces(bytes, 1000), std::vector<std::string>{"400 " + body});
}

TEST(ParsedAnswer, NeedsNumbersThatFitEachOther) {
  const auto answer = parse_answer(R"({"accepted":3,"first_seq":7,"last_seq":9,"rejected":[]})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->accepted, 3U);
  EXPECT_EQ(answer->first_seq, 7U);
  EXPECT_FALSE(parse_answer(R"({"accepted":3,"first_seq":7,"last_seq":10,"rejected":[]})"));
  EXPECT_FALSE(parse_answer(R"({"error":"overloaded"})"));
}

}  // namespace
}  // namespace tally::bench
