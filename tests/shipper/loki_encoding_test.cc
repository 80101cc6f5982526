#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shipper/loki/push_encoder.h"
#include "shipper/loki/push_gatherer.h"
#include "tests/query/chunk_builder.h"
#include "tests/shipper/loki_rules.h"
#include "tests/shipper/loki_sink_harness.h"

namespace tally::shipper {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

const std::string kStore = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const std::string kLine =
    R"({"timestamp":"2026-01-23T21:55:09.592561+00:00", "service":"eng\"ine\\","operation":"list",)"
    R"("container":"web","success":false,"error":"no","metadata":null})";
const UtcTime kTime{std::chrono::seconds{1769205309} + std::chrono::microseconds{592561}};

LokiMapping mapping(PushFormat format = PushFormat::protobuf) {
  LokiMapping mapping;
  mapping.labels = {{"host", "h1"}, {"zone", "z"}};
  mapping.format = format;
  mapping.batch_bytes = 1024 * 1024;
  mapping.max_line_bytes = 256 * 1024;
  return mapping;
}

std::vector<std::unique_ptr<PushBatch>> batches_of(const std::vector<std::string>& lines,
                                                   const LokiMapping& how) {
  query::ChunkBuilder builder;
  for (const std::string& line : lines) builder.line(line);
  PushGatherer gatherer(how);
  gatherer.add(builder.chunk(Sequence{41}));
  gatherer.end_batch();
  return gatherer.take_ended();
}

std::string body_of(const std::vector<std::string>& lines, const LokiMapping& how) {
  const auto batches = batches_of(lines, how);
  EXPECT_EQ(batches.size(), 1U);
  return PushEncoder(how.format, kStore).encode(*batches[0], batches[0]->entries);
}

void expect_the_event(const DecodedPush& push) {
  ASSERT_EQ(push.streams.size(), 1U);
  const auto& stream = push.streams[0];
  ASSERT_EQ(stream.entries.size(), 1U);
  EXPECT_EQ(stream.entries[0].line, kLine);
  EXPECT_EQ(stream.entries[0].time, kTime);
  EXPECT_THAT(stream.entries[0].metadata,
              ElementsAre(Pair("container", "web"), Pair("store", kStore), Pair("seq", "41"),
                          Pair("detected_level", "error")));
}

TEST(PushEncoder, ProtobufIsWhatTheGeneratedCodeReads) {
  const auto push = decode_push("application/x-protobuf", body_of({kLine}, mapping()));
  ASSERT_TRUE(push);
  expect_the_event(*push);
  const std::string& labels = push->streams[0].labels;
  EXPECT_EQ(labels,
            R"({host="h1", operation="list", service="eng\"ine\\", success="false", zone="z"})");
  EXPECT_THAT(
      parse_labels(labels).value(),
      ElementsAre(Pair("host", "h1"), Pair("operation", "list"), Pair("service", "eng\"ine\\"),
                  Pair("success", "false"), Pair("zone", "z")));
}

TEST(PushEncoder, JsonHoldsTheSame) {
  const std::string body = body_of({kLine}, mapping(PushFormat::json));
  EXPECT_EQ(body.substr(0, 3), "\x1f\x8b\x08") << "gzip";
  const auto push = decode_push("application/json", body);
  ASSERT_TRUE(push);
  expect_the_event(*push);
}

TEST(PushEncoder, PinsTheBytes) {
  // The message without snappy, whose way of packing is its own affair.
  LokiMapping bare = mapping();
  bare.labels = {{"h", "x"}};
  bare.service_label = bare.operation_label = bare.success_label = false;
  const std::string line =
      R"({"timestamp":"1970-01-01T00:00:01.000000002Z","service":"s","operation":"o",)"
      R"("success":true})";
  const std::string body = body_of({line}, bare);
  const std::string metadata = "\x1a\x2d\n\x05store\x12\x24" + kStore +
                               "\x1a\x09\n\x03seq\x12\x02" + "41" + "\x1a\x16\n\x0e" +
                               "detected_level\x12\x04info";
  const std::string entry = std::string("\n\x04\x08\x01\x10\x02\x12\x5b") + line + metadata;
  const std::string stream = "\n\x07{h=\"x\"}\x12\xb5\x01" + entry;
  EXPECT_EQ(unpacked("application/x-protobuf", body), "\n\xc1\x01" + stream);
}

TEST(PushEncoder, TheSameEventsGiveTheSameBytes) {
  std::vector<std::string> lines;
  for (std::uint64_t i = 0; i < 500; ++i) {
    lines.push_back(event_of(i % 3 == 0 ? "a" : "b", kTime, i));
  }
  for (const PushFormat format : {PushFormat::protobuf, PushFormat::json}) {
    EXPECT_EQ(body_of(lines, mapping(format)), body_of(lines, mapping(format)));
  }
}

TEST(PushEncoder, LabelsSurviveEveryByte) {
  EXPECT_EQ(label_text({{"a", "x\ny\"z\\"}, {"b", "\x7f"}}), R"({a="x\x0ay\"z\\", b="\x7f"})");
}

TEST(PushGatherer, ChoosesLabels) {
  LokiMapping how = mapping();
  how.operation_label = how.success_label = false;
  const auto batches = batches_of({kLine}, how);
  EXPECT_EQ(label_text(*batches.at(0)->streams.at(0)),
            R"({host="h1", service="eng\"ine\\", zone="z"})");
}

TEST(PushGatherer, KeepsBodiesBelowTheirLimit) {
  for (const PushFormat format : {PushFormat::protobuf, PushFormat::json}) {
    LokiMapping how = mapping(format);
    how.batch_bytes = 64 * 1024;
    std::vector<std::string> lines;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      lines.push_back(event_of("s-" + std::to_string(i % 50), kTime, i));
    }
    const auto batches = batches_of(lines, how);
    EXPECT_GT(batches.size(), 5U);
    std::size_t entries = 0;
    for (const auto& batch : batches) {
      PushEncoder encoder(format, kStore);
      const std::string& body = encoder.encode(*batch, batch->entries);
      EXPECT_LE(unpacked(encoder.content_type(), body).size(), how.batch_bytes);
      entries += batch->entries.size();
      EXPECT_EQ(batch->end, advance(Sequence{41}, entries));
    }
    EXPECT_EQ(entries, lines.size());
  }
}

TEST(PushGatherer, EndsABatchBeforeItsTimesAreTooFarApart) {
  using std::chrono::minutes;
  const auto of_minutes = [](std::initializer_list<int> times) {
    std::vector<std::string> lines;
    for (const int time : times) lines.push_back(event_of("s", kTime + minutes(time), 1));
    std::vector<std::size_t> sizes;
    for (const auto& batch : batches_of(lines, mapping())) sizes.push_back(batch->entries.size());
    return sizes;
  };
  EXPECT_THAT(of_minutes({0, 10, 19, 20, 21, 22}), ElementsAre(4, 2));
  EXPECT_THAT(of_minutes({0, 30, 60}), ElementsAre(1, 1, 1));
  // What Loki will not take anyway does not count: an old file beside new events.
  EXPECT_THAT(of_minutes({600, 0, 601, 1, 602, 2}), ElementsAre(6));
}

TEST(PushGatherer, RefusesWhatLokiNeverTakes) {
  LokiMapping how = mapping();
  const std::string long_label = R"({"timestamp":"2026-01-23T21:55:09Z","service":")" +
                                 std::string(2049, 's') + R"(","operation":"o","success":true})";
  how.max_line_bytes = 4096;
  const auto batches =
      batches_of({kLine, long_label, event_of("s", kTime, 1) + std::string(4096, ' '), kLine}, how);
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches[0]->entries.size(), 2U);
  ASSERT_EQ(batches[0]->refused.size(), 2U);
  EXPECT_THAT(batches[0]->refused[0].reason, HasSubstr("2048"));
  EXPECT_THAT(batches[0]->refused[1].reason, HasSubstr("max_line"));
  EXPECT_EQ(batches[0]->refused[1].sequence, Sequence{43});
}

}  // namespace
}  // namespace tally::shipper
