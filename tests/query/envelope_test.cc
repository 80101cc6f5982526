#include "query/envelope.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/scan.h"
#include "tests/query/chunk_builder.h"

namespace tally::query {
namespace {

TEST(Envelope, NamesEachEventAndItsOrigin) {
  const UtcTime received = parse_rfc3339("2026-01-23T21:55:10.25Z")->utc;
  ChunkBuilder builder;
  builder.from(tally::Run{0, received, SourceKind::http, 0, 0, "127.0.0.1", ""})
      .line("{\"a\": 1}")
      .from(tally::Run{0, received, SourceKind::file, 1, 100, "/var/log/a\"b", "engine"})
      .line("{}")
      .line("{ }");
  ScanReaders readers;
  std::vector<std::string> envelopes;
  for_each_event(builder.chunk(Sequence{7}), readers, [&](ScannedEvent& event) {
    append_envelope(envelopes.emplace_back(), event, "f81d4fae");
    return true;
  });
  const std::vector<std::string> expected{
      R"({"seq":7,"store":"f81d4fae","received":"2026-01-23T21:55:10.250Z",)"
      R"("source":{"kind":"http","name":"127.0.0.1"},"client":null,"event":{"a": 1}})",
      R"({"seq":8,"store":"f81d4fae","received":"2026-01-23T21:55:10.250Z",)"
      R"("source":{"kind":"file","name":"/var/log/a\"b","offset":100},"client":"engine",)"
      R"("event":{}})",
      R"({"seq":9,"store":"f81d4fae","received":"2026-01-23T21:55:10.250Z",)"
      R"("source":{"kind":"file","name":"/var/log/a\"b","offset":103},"client":"engine",)"
      R"("event":{ }})"};
  EXPECT_EQ(envelopes, expected);
}

TEST(Scan, EndsWhenTheVisitorHasEnough) {
  ChunkBuilder builder;
  builder.line("{}").line("{}").line("{}");
  ScanReaders readers;
  int calls = 0;
  EXPECT_EQ(for_each_event(builder.chunk(), readers, [&](ScannedEvent&) { return ++calls < 2; }),
            2u);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace tally::query
