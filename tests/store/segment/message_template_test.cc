#include "store/segment/message_template.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tally::store {
namespace {

std::string put_together(const Message& message, std::string_view container) {
  PatternNeeds needs;
  EXPECT_TRUE(read_needs(message.pattern, needs));
  EXPECT_EQ(needs.numbers, message.numbers.size());
  EXPECT_EQ(needs.id_bytes, message.ids.size());
  std::string text(message_bytes_max(message.pattern, needs, container.size()), '\0');
  MessageValues values{message.numbers.data(), message.ids.data(), container};
  text.resize(
      static_cast<std::size_t>(write_message(text.data(), message.pattern, values) - text.data()));
  return text;
}

std::string pattern_of(std::string_view text, std::string_view container = {}) {
  Message message;
  EXPECT_TRUE(take_apart(text, container, message));
  EXPECT_EQ(put_together(message, container), text);
  return message.pattern;
}

TEST(MessageTemplate, LeavesOutWhatIsFilledIn) {
  EXPECT_EQ(pattern_of("Timeout after 30s"), "Timeout after \x03s");
  EXPECT_EQ(pattern_of("HTTP 404: no such container: web-7", "web-7"),
            "HTTP \x03: no such container: \x05");
  EXPECT_EQ(pattern_of("layer 00ff00ff00ff is missing"), "layer \x04\x06 is missing");
  EXPECT_EQ(pattern_of(""), "");
}

TEST(MessageTemplate, KeepsWhatANumberWouldNotSpellAgain) {
  EXPECT_EQ(pattern_of("attempt 007"), "attempt 007");
  EXPECT_EQ(pattern_of("1234567890123456789"), "1234567890123456789");
  EXPECT_EQ(pattern_of("0"), "\x03");
  EXPECT_EQ(pattern_of("v1.2-3"), "v\x03.\x03-\x03");
}

TEST(MessageTemplate, TakesAContainerOnlyWhereItsNameIsNoAccident) {
  EXPECT_EQ(pattern_of("a db failed", "db"), "a db failed");
  EXPECT_EQ(pattern_of("", "web"), "");
  EXPECT_EQ(pattern_of("web web1web", "web"), "\x05 \x05\x03web");
}

TEST(MessageTemplate, RefusesBytesThatWouldPassForMarks) {
  Message message;
  EXPECT_FALSE(take_apart("a\x03z", {}, message));
  PatternNeeds needs;
  EXPECT_FALSE(read_needs("cut off \x04", needs));
}

}  // namespace
}  // namespace tally::store
