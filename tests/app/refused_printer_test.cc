#include "app/refused_printer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/time.h"

namespace tally::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

store::RefusedEvent example() {
  store::RefusedEvent refused;
  refused.reason = "service: missing";
  refused.received = parse_rfc3339("2026-01-23T21:55:09Z")->utc;
  refused.kind = SourceKind::file;
  refused.source = "a.jsonl";
  refused.offset = 7;
  refused.bytes = "{\"a\": \"\x1b[31m\"}";
  refused.length = refused.bytes.size();
  return refused;
}

std::string print(RefusedFormat format, const store::RefusedEvent& refused) {
  RefusedPrinter printer(format, query::Zone::utc(), false);
  std::string out;
  printer.print(refused, out);
  printer.finish(out);
  return out;
}

TEST(RefusedPrinter, JsonHasEverything) {
  EXPECT_EQ(print(RefusedFormat::jsonl, example()),
            "{\"received\":\"2026-01-23T21:55:09Z\",\"source\":{\"kind\":\"file\",\"name\":"
            "\"a.jsonl\",\"offset\":7},\"client\":null,\"reason\":\"service: missing\",\"length\":"
            "14,\"event\":\"{\\\"a\\\": \\\"\\u001b[31m\\\"}\"}\n");
}

TEST(RefusedPrinter, BytesThatAreNoTextAreHexadecimal) {
  auto refused = example();
  refused.bytes = "\xff\x01";
  refused.length = 100;
  refused.sha256[0] = std::byte{0xab};
  const std::string out = print(RefusedFormat::jsonl, refused);
  EXPECT_THAT(out, HasSubstr("\"event_hex\":\"ff01\""));
  EXPECT_THAT(out, HasSubstr("\"length\":100,\"sha256\":\"ab00"));
}

TEST(RefusedPrinter, TheTableObeysNothingInTheEvent) {
  const std::string out = print(RefusedFormat::table, example());
  EXPECT_THAT(out, HasSubstr("a.jsonl:7"));
  EXPECT_THAT(out, HasSubstr("service: missing"));
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace tally::app
