#include "shipper/kafka/kafka_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shipper/make_sink.h"

namespace tally::shipper {
namespace {

using testing::HasSubstr;

Result<KafkaSettings> settings_of(const std::string& text) {
  TALLY_TRY(const net::ServiceUrl url, net::ServiceUrl::parse(text));
  net::UrlParameters parameters(url);
  TALLY_TRY(auto settings, read_kafka_settings(url, parameters));
  TALLY_TRY(parameters.finish());
  return settings;
}

std::string refusal(const std::string& text) {
  const auto settings = settings_of(text);
  EXPECT_FALSE(settings) << text;
  if (settings) return "";
  EXPECT_EQ(settings.error().code, Errc::invalid);
  return settings.error().context;
}

TEST(KafkaSettings, HasDefaults) {
  const auto settings = settings_of("kafka://a:9092,b:9092/audit");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings.value().brokers, "a:9092,b:9092");
  EXPECT_EQ(settings.value().topic, "audit");
  EXPECT_EQ(settings.value().cursor_topic(), "audit.tally-cursor");
  EXPECT_EQ(settings.value().mode, KafkaMode::transactional);
  EXPECT_EQ(settings.value().transaction_events, 100'000u);
  EXPECT_EQ(settings.value().transaction_bytes, 16u * 1024 * 1024);
  EXPECT_EQ(settings.value().memory_bytes, 32u * 1024 * 1024);
  EXPECT_EQ(settings.value().create, 0u);
}

TEST(KafkaSettings, TakesPropertiesOfTheLibrary) {
  const auto settings = settings_of(
      "kafka://a/audit?rdkafka.linger.ms=5&rdkafka.sasl.password_file=/etc/x&mode=idempotent");
  ASSERT_TRUE(settings) << settings.error().context;
  EXPECT_EQ(settings.value().properties, (kafka::KafkaProperties{{"linger.ms", "5"}}));
  EXPECT_EQ(settings.value().property_files, (kafka::KafkaProperties{{"sasl.password", "/etc/x"}}));
  EXPECT_EQ(settings.value().mode, KafkaMode::idempotent);
}

TEST(KafkaSettings, RefusesWhatIsNoTopic) {
  EXPECT_THAT(refusal("kafka://a"), HasSubstr("kafka://HOST:PORT"));
  EXPECT_THAT(refusal("kafka:///audit"), HasSubstr("kafka://HOST:PORT"));
  EXPECT_THAT(refusal("kafka://a/audit/more"), HasSubstr("no topic's name"));
  EXPECT_THAT(refusal("kafka://a/" + std::string(237, 'x')), HasSubstr("no topic's name"));
}

TEST(KafkaSettings, KnowsItsParameters) {
  EXPECT_THAT(refusal("kafka://a/audit?transaction_event=5"), HasSubstr("transaction_events"));
  EXPECT_THAT(refusal("kafka://a/audit?create=0"), HasSubstr("create"));
  EXPECT_THAT(refusal("kafka://a/audit?rdkafka=5"), HasSubstr("rdkafka.…"));
}

TEST(KafkaSettings, PlanIsMadeOfTheScheme) {
  const auto plan = plan_sink("kafka://a:9092/audit");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan.value().options.name, "kafka-a-9092-audit");
}

}  // namespace
}  // namespace tally::shipper
