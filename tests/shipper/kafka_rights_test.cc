#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/kafka/kafka_broker.h"
#include "tests/shipper/sample_store.h"
#include "tests/shipper/topic_reader.h"

// Users, passwords and rights, at a broker that asks for them.

namespace tally::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

class KafkaRights : public testing::Test {
 protected:
  std::string topic() const {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  /// As somebody who may do everything.
  void create_topics() {
    const auto made = store
                          .ship_to("kafka://" + broker.bootstrap() + "/" + topic() +
                                   "?create=3&name=creator&start=now")
                          ->run_once();
    ASSERT_TRUE(made) << made.error().context;
  }
  /// Of `user`, whose password is in the file.
  std::string url(const std::string& user, const std::string& parameters = "") const {
    return "kafka://" + broker.guarded() + "/" + topic() +
           "?name=guarded&rdkafka.security.protocol=SASL_PLAINTEXT&rdkafka.sasl.mechanisms=PLAIN" +
           "&rdkafka.sasl.username=" + user + "&rdkafka.sasl.password_file=" + password.string() +
           parameters;
  }
  void put_password(const std::string& text) {
    std::ofstream(password) << text << '\n';
    std::filesystem::permissions(password, std::filesystem::perms(0600));
  }
  void allow_topic(const std::string& name, const std::string& operations) {
    broker.allow(operations + " --topic " + name);
  }

  KafkaBroker& broker = KafkaBroker::shared();
  SampleStore store;
  std::filesystem::path password = store.directory() / "password";
};

TEST_F(KafkaRights, ThoseThatTheManualNamesAreEnough) {
  create_topics();
  put_password("well kept");
  allow_topic(topic(), "--operation Describe --operation Write");
  allow_topic(topic() + ".tally-cursor", "--operation Describe --operation Read --operation Write");
  broker.allow("--operation Describe --operation Write --transactional-id tally-" +
               to_string(store.id()) + "-guarded");
  store.add(10);
  const auto shipped = store.ship_to(url("tally"))->run_once();
  ASSERT_TRUE(shipped) << shipped.error().context;
  expect_exactly_once(TopicReader(broker.bootstrap(), topic()).read_all(), 10);
}

TEST_F(KafkaRights, OfTheTopicAloneAreEnoughWithoutTransactions) {
  create_topics();
  put_password("well kept");
  allow_topic(topic(), "--operation Describe --operation Write");
  store.add(10);
  const auto shipped = store.ship_to(url("tally", "&mode=idempotent"))->run_once();
  ASSERT_TRUE(shipped) << shipped.error().context;
  expect_exactly_once(TopicReader(broker.bootstrap(), topic()).read_all(), 10);
}

TEST_F(KafkaRights, MissingOnesAreNamed) {
  create_topics();
  put_password("welcome");
  const Error none = store.refusal(url("guest"));
  EXPECT_EQ(none.code, Errc::invalid);
  EXPECT_THAT(none.context, HasSubstr(topic() + ": "));
  EXPECT_THAT(none.context, HasSubstr("on the topic"));

  put_password("well kept");
  allow_topic(topic(), "--operation Describe --operation Write");
  allow_topic(topic() + ".tally-cursor", "--operation Describe --operation Read --operation Write");
  const Error no_transactions = store.refusal(url("tally"));
  EXPECT_EQ(no_transactions.code, Errc::invalid);
  EXPECT_THAT(no_transactions.context, HasSubstr("mode=idempotent"));
}

TEST_F(KafkaRights, WrongPasswordIsRefusedInTheEndAndNotRepeated) {
  put_password("wrong one");
  const Error error = store.refusal(url("tally"));
  EXPECT_EQ(error.code, Errc::invalid);
  EXPECT_THAT(error.context, HasSubstr("rdkafka.sasl"));
  EXPECT_THAT(error.context, Not(HasSubstr("wrong one")));
}

TEST_F(KafkaRights, PasswordThatOthersMayReadIsRefused) {
  put_password("well kept");
  std::filesystem::permissions(password, std::filesystem::perms(0644));
  const Error error = store.refusal(url("tally"));
  EXPECT_EQ(error.code, Errc::invalid);
  EXPECT_THAT(error.context, HasSubstr("chmod"));
}

}  // namespace
}  // namespace tally::tests
