#include "net/service_url.h"

#include <gtest/gtest.h>

#include <string>

namespace tally::net {
namespace {

TEST(ServiceUrl, IsTakenApart) {
  const auto url =
      ServiceUrl::parse("kafka://a:9092,b:9092/audit%20log?name=k&x=1%2C2&y=a=b").value();
  EXPECT_EQ(url.scheme, "kafka");
  EXPECT_EQ(url.place, "a:9092,b:9092");
  EXPECT_EQ(url.path, "/audit log");
  ASSERT_EQ(url.parameters.size(), 3U);
  EXPECT_EQ(url.parameters.at("x"), "1,2");
  EXPECT_EQ(url.parameters.at("y"), "a=b");
  const auto file = ServiceUrl::parse("file:///var/log/out.jsonl").value();
  EXPECT_EQ(file.place, "");
  EXPECT_EQ(file.path, "/var/log/out.jsonl");
  EXPECT_EQ(ServiceUrl::parse("stdout:").value().path, "");
}

TEST(ServiceUrl, HasAScheme) { EXPECT_FALSE(ServiceUrl::parse("audit")); }

TEST(UrlParameters, AreTakenOnceEach) {
  const auto url = ServiceUrl::parse("kafka://a/t?x=1&p.a=2&p.b=3&mode=b").value();
  UrlParameters parameters(url);
  EXPECT_EQ(parameters.take("x"), "1");
  EXPECT_EQ(parameters.take("x"), std::nullopt);
  EXPECT_EQ(parameters.take_prefixed("p.").size(), 2U);
  EXPECT_EQ(parameters.take_choice("mode", {"a", "b"}).value(), 1U);
  EXPECT_EQ(parameters.take_number("count", 5, 1, 9).value(), 5U);
  EXPECT_TRUE(parameters.finish());
}

TEST(UrlParameters, NobodyTookIsAMistake) {
  const auto url = ServiceUrl::parse("kafka://a/t?grop=1").value();
  UrlParameters parameters(url);
  parameters.take("group");
  const auto finished = parameters.finish();
  ASSERT_FALSE(finished);
  EXPECT_NE(finished.error().context.find("the nearest is group"), std::string::npos);
}

}  // namespace
}  // namespace tally::net
