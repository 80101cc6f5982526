#include "store/event/event_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "tests/support/padded_text.h"

namespace tally::store {
namespace {

constexpr std::string_view kSeedLine =
    R"({"timestamp": "2026-01-23T21:55:09.592561+00:00", "service": "container-engine", )"
    R"("operation": "list", "container": null, "success": true, "error": null, )"
    R"("metadata": {"count": 20}})";

TEST(EventReader, ReadsEveryField) {
  const tests::PaddedText line(
      R"({"timestamp":"2026-01-23T22:55:09+01:00","service":"s","operation":"stop",)"
      R"("container":"web","success":false,"error":"no","metadata":{"a":{"b":[1, 2]}} })");
  EventReader reader;
  const EventFields* event = reader.read(line.view(), FieldSet::all);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->time, parse_rfc3339("2026-01-23T22:55:09+01:00"));
  EXPECT_EQ(event->timestamp, "2026-01-23T22:55:09+01:00");
  EXPECT_EQ(event->service, "s");
  EXPECT_EQ(event->operation, "stop");
  EXPECT_EQ(event->container, "web");
  EXPECT_FALSE(event->success);
  EXPECT_EQ(event->error, "no");
  EXPECT_EQ(event->metadata, R"({"a":{"b":[1, 2]}})");
}

TEST(EventReader, TakesNullAndAbsentForTheSame) {
  const tests::PaddedText null(kSeedLine);
  const tests::PaddedText absent(
      R"({"success":true,"operation":"list","service":"a","timestamp":"2026-01-23T21:55:09Z"})");
  EventReader reader;
  const EventFields* event = reader.read(null.view(), FieldSet::all);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->container, std::nullopt);
  EXPECT_EQ(event->error, std::nullopt);
  EXPECT_EQ(event->metadata, R"({"count": 20})");
  event = reader.read(absent.view(), FieldSet::all);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->container, std::nullopt);
  EXPECT_EQ(event->metadata, "");
  EXPECT_TRUE(event->success);
}

TEST(EventReader, ReadsFieldsInAnyOrder) {
  std::array<std::string, 5> fields{R"("timestamp":"2026-01-23T21:55:09Z")", R"("service":"a")",
                                    R"("operation":"b")", R"("success":true)",
                                    R"("metadata":{"service":"inner","x":"}"})"};
  std::sort(fields.begin(), fields.end());
  EventReader reader;
  do {
    std::string text = "{";
    for (const std::string& field : fields) text += (text.size() > 1 ? " , " : "") + field;
    const tests::PaddedText line(text + "}");
    const EventFields* event = reader.read(line.view(), FieldSet::all);
    ASSERT_NE(event, nullptr) << text;
    EXPECT_EQ(event->service, "a") << text;
    EXPECT_EQ(event->operation, "b") << text;
    EXPECT_EQ(event->metadata, R"({"service":"inner","x":"}"})") << text;
  } while (std::next_permutation(fields.begin(), fields.end()));
}

TEST(EventReader, UnescapesKeysAndValues) {
  const tests::PaddedText line(
      R"({"timestamp":"2026-01-23T21:55:09\u005a","\u0073ervice":"a\"\\\/\n\u00e9\ud83d\udc33",)"
      R"("operation":"\u006cist","success":true,"error":"\t"})");
  EventReader reader;
  const EventFields* event = reader.read(line.view(), FieldSet::all);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->service, "a\"\\/\n\xC3\xA9\xF0\x9F\x90\xB3");
  EXPECT_EQ(event->operation, "list");
  EXPECT_EQ(event->error, "\t");
  EXPECT_EQ(event->time, parse_rfc3339("2026-01-23T21:55:09Z"));
}

TEST(EventReader, ReadsOnlyWhatIsWanted) {
  const tests::PaddedText line(
      R"({"timestamp":"not a time","service":"a","operation":"b","success":true})");
  EventReader reader;
  const EventFields* event = reader.read(line.view(), FieldSet::service | FieldSet::operation);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->operation, "b");
  EXPECT_EQ(reader.read(line.view(), FieldSet::service | FieldSet::time), nullptr);
}

TEST(EventReader, RefusesWhatIsNoEvent) {
  EventReader reader;
  for (const std::string_view text :
       {"", "nonsense", "[]", "{", "{\"service\":", "{\"service\":\"a", "{\"service\":1}",
        "{\"success\":\"yes\"}", "{\"service\":\"\\ud83d\"}", "{\"metadata\":[]}",
        "{\"service\":\"a\"}", "\"\\", "{\"service\":\"a\\"}) {
    const tests::PaddedText line(text);
    EXPECT_EQ(reader.read(line.view(), FieldSet::all), nullptr) << text;
  }
}

// Damaged bytes must give an answer, whatever it is, and never a read outside of the line.
TEST(EventReader, SurvivesEveryCutAndEveryFlippedByte) {
  EventReader reader;
  for (std::size_t i = 0; i < kSeedLine.size(); ++i) {
    const tests::PaddedText cut(kSeedLine.substr(0, i));
    const bool is_whole = i + 1 == kSeedLine.size();  // all fields stand before the last brace
    EXPECT_EQ(reader.read(cut.view(), FieldSet::all) != nullptr, is_whole) << i;
    for (const char byte : {'"', '\\', '{', '}', '\0', '\xFF'}) {
      std::string text(kSeedLine);
      text[i] = byte;
      const tests::PaddedText flipped(text);
      const EventFields* event = reader.read(flipped.view(), FieldSet::all);
      const std::size_t length = event == nullptr ? 0 : event->service.size();
      EXPECT_LE(length, text.size());
    }
  }
}

}  // namespace
}  // namespace tally::store
