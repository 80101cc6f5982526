#include "kafka/topic_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.h"

namespace tally::kafka {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::size_t kNameMax = 20;

Result<TopicSettings> settings_of(const std::string& text) {
  TALLY_TRY(const auto url, net::ServiceUrl::parse(text));
  net::UrlParameters parameters(url);
  return read_topic_settings(url, parameters, kNameMax);
}

std::string refusal(const std::string& text) {
  const auto settings = settings_of(text);
  EXPECT_FALSE(settings) << text;
  if (settings) return "";
  EXPECT_EQ(settings.error().code, Errc::invalid);
  return settings.error().context;
}

TEST(TopicSettings, SayBrokersTopicAndProperties) {
  const auto settings =
      settings_of("kafka://a:1,b:2/" + std::string(kNameMax, 'x') +
                  "?rdkafka.fetch.min.bytes=5&rdkafka.ssl.key.pem_file=/k&other=1");
  ASSERT_TRUE(settings) << settings.error().context;
  EXPECT_EQ(settings.value().brokers, "a:1,b:2");
  EXPECT_EQ(settings.value().topic, std::string(kNameMax, 'x'));
  EXPECT_EQ(settings.value().properties, (KafkaProperties{{"fetch.min.bytes", "5"}}));
  EXPECT_EQ(settings.value().property_files, (KafkaProperties{{"ssl.key.pem", "/k"}}));
}

TEST(TopicSettings, RefuseNamesThatAreTooLong) {
  EXPECT_THAT(refusal("kafka://a/" + std::string(kNameMax + 1, 'x')), HasSubstr("1 to 20"));
  EXPECT_THAT(refusal("kafka://a/.."), HasSubstr("no topic's name"));
}

TEST(TopicSettings, RefusesSecretsInTheUrlWithoutRepeatingThem) {
  const std::string text = refusal("kafka://a/audit?rdkafka.sasl.password=hush");
  EXPECT_THAT(text, HasSubstr("rdkafka.sasl.password_file=PATH"));
  EXPECT_THAT(text, Not(HasSubstr("hush")));
}

TEST(TopicSettings, RefusesWhatExactlyOnceHangsOn) {
  EXPECT_THAT(refusal("kafka://a/audit?rdkafka.acks=1"), HasSubstr("acks"));
  EXPECT_THAT(refusal("kafka://a/audit?rdkafka.transactional.id=x"), HasSubstr("itself"));
  EXPECT_THAT(refusal("kafka://a/audit?rdkafka.enable.auto.commit=true"), HasSubstr("itself"));
}

TEST(TopicSettings, ReadsValuesFromFilesOfTheOwnersOnly) {
  const tests::TemporaryDirectory directory;
  const auto path = directory.path() / "secret";
  std::ofstream(path) << "hush\n";
  TopicSettings settings;
  settings.properties = {{"linger.ms", "5"}};
  settings.property_files = {{"sasl.password", path.string()}};
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  const auto properties = all_properties(settings);
  ASSERT_TRUE(properties) << properties.error().context;
  EXPECT_EQ(properties.value(), (KafkaProperties{{"linger.ms", "5"}, {"sasl.password", "hush"}}));

  std::filesystem::permissions(path, std::filesystem::perms(0644));
  const auto open = all_properties(settings);
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().code, Errc::invalid);
  EXPECT_THAT(open.error().context, HasSubstr("chmod o= " + path.string()));

  std::filesystem::remove(path);
  const auto missing = all_properties(settings);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::invalid);
}

}  // namespace
}  // namespace tally::kafka
