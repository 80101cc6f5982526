#include "shipper/sink_url.h"

#include <gtest/gtest.h>

#include <string>

#include "shipper/make_sink.h"

namespace tally::shipper {
namespace {

std::string name_of(std::string_view url) { return sink_name(parse_sink_url(url).value()).value(); }

std::string complaint_about(std::string_view url) {
  const auto plan = plan_sink(url);
  EXPECT_FALSE(plan) << url;
  if (plan) return {};
  EXPECT_EQ(plan.error().code, Errc::invalid) << url;
  return plan.error().context;
}

TEST(SinkUrl, MakesAName) {
  EXPECT_EQ(name_of("loki+http://logs.example.org:3100"), "loki-logs-example-org-3100");
  EXPECT_EQ(name_of("loki+https://[::1]:3100/base/"), "loki-1-3100-base");
  EXPECT_EQ(name_of("kafka://a:9092,b:9092/audit"), "kafka-a-9092-b-9092-audit");
  EXPECT_EQ(name_of("file:///var/log/out.jsonl"), "file-var-log-out-jsonl");
  EXPECT_EQ(name_of("stdout:"), "stdout");
  EXPECT_EQ(name_of("stdout:?name=Mine_1"), "Mine_1");
  EXPECT_FALSE(sink_name(parse_sink_url("stdout:?name=a.b").value()));
  EXPECT_FALSE(sink_name(parse_sink_url("file:///" + std::string(100, 'a')).value()));
}

TEST(SinkUrl, MistakesAreToldOf) {
  EXPECT_NE(complaint_about("loki+htp://a").find("write loki+http:"), std::string::npos);
  EXPECT_NE(complaint_about("").find("no place to ship to"), std::string::npos);
  EXPECT_NE(complaint_about("file:///a?rotat=1").find("the nearest is rotate"), std::string::npos);
  EXPECT_NE(complaint_about("file:///a?rotate=x").find("no number"), std::string::npos);
  EXPECT_NE(complaint_about("file:///a?rotate=1&rotate=2").find("twice"), std::string::npos);
  EXPECT_NE(complaint_about("file:///a?=1").find("NAME=VALUE"), std::string::npos);
  EXPECT_NE(complaint_about("file:///a?compress=lz4").find("none, zstd"), std::string::npos);
  EXPECT_NE(complaint_about("file:///a?start=2026").find("oldest, now"), std::string::npos);
  EXPECT_NE(complaint_about("file://host/a").find("three slashes"), std::string::npos);
  EXPECT_NE(complaint_about("file:///a%2").find("two hex digits"), std::string::npos);
}

TEST(SinkUrl, APasswordIsRefusedAndNotRepeated) {
  const std::string complaint = complaint_about("loki+http://ann:secret@a:3100");
  EXPECT_NE(complaint.find("user name or password"), std::string::npos);
  EXPECT_EQ(complaint.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace tally::shipper
