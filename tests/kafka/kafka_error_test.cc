#include "kafka/kafka_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

namespace tally::kafka {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(KafkaError, SaysWhatToDoToWhoReadsAndToWhoWrites) {
  const auto of = [](TopicUse use, int code) { return kafka_error(use, code, "topic t", ""); };
  constexpr int kMissing = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  EXPECT_THAT(of(TopicUse::write, kMissing).context, HasSubstr("or add create=PARTITIONS"));
  EXPECT_THAT(of(TopicUse::read, kMissing).context, HasSubstr("create the topic"));
  EXPECT_THAT(of(TopicUse::read, kMissing).context, Not(HasSubstr("create=")));
  constexpr int kNoRight = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
  EXPECT_THAT(of(TopicUse::write, kNoRight).context, HasSubstr("Describe, Read and Write"));
  EXPECT_THAT(of(TopicUse::read, kNoRight).context, HasSubstr("Describe and Read on"));
  constexpr int kTaken = RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID;
  EXPECT_THAT(of(TopicUse::read, kTaken).context, HasSubstr("group=NAME"));
  EXPECT_EQ(of(TopicUse::read, kMissing).code, Errc::not_found);
  EXPECT_EQ(of(TopicUse::read, kNoRight).code, Errc::invalid);
  EXPECT_EQ(of(TopicUse::read, kTaken).code, Errc::invalid);
}

TEST(KafkaError, WhatAWaitMayHealAsksForNothing) {
  const Error error =
      kafka_error(TopicUse::read, RD_KAFKA_RESP_ERR__TRANSPORT, "kafka", "broker 3 is away");
  EXPECT_EQ(error.code, Errc::io);
  EXPECT_EQ(error.context, "kafka: broker 3 is away");
}

}  // namespace
}  // namespace tally::kafka
