#include "kafka/kafka_error.h"

#include <librdkafka/rdkafka.h>

#include <string_view>

namespace tally::kafka {
namespace {

/// What to do about errors that no wait heals; empty: a wait may heal it.
std::string_view remedy(TopicUse use, int code) noexcept {
  const bool writes = use == TopicUse::write;
  switch (code) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return writes ? "create the topic, or add create=PARTITIONS to the URL" : "create the topic";
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return writes ? "the user needs the rights Describe, Read and Write on the topic"
                    : "the user needs the rights Describe and Read on the topic";
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return "the user needs the right Write on transactional ids that begin with tally-, or add "
             "mode=idempotent to the URL";
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return "the user needs the right Read on the group; group=NAME chooses another one";
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
      return "other consumers are members of this group: choose another one with group=NAME";
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return writes ? "the user needs the right Create for topics that are missing, and before "
                      "Kafka 2.8 IdempotentWrite on the cluster"
                    : "the user needs the right Describe on the cluster";
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
      return "see to the properties rdkafka.security.protocol and rdkafka.sasl.…";
    case RD_KAFKA_RESP_ERR__SSL:
      return "the URL has to name brokers as their certificates do, rdkafka.ssl.ca.location whom "
             "to "
             "trust; see also to rdkafka.security.protocol";
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
      return "see to the properties in the URL, and to the cluster's settings";
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return "raise the topic's max.message.bytes";
    default:
      return "";
  }
}

/// Whoever deleted a topic may make it anew.
bool is_missing(int code) noexcept {
  return code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
         code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

}  // namespace

Error kafka_error(TopicUse use, int code, const std::string& what, const std::string& reason) {
  const auto known = static_cast<rd_kafka_resp_err_t>(code);
  std::string text = what + ": " + (reason.empty() ? rd_kafka_err2str(known) : reason);
  const std::string_view instead = remedy(use, code);
  if (instead.empty()) return {Errc::io, std::move(text)};
  return {is_missing(code) ? Errc::not_found : Errc::invalid, text + ": " + std::string(instead)};
}

bool is_fenced(int code) noexcept {
  return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
         code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

KafkaFailure::~KafkaFailure() {
  if (error_ != nullptr) rd_kafka_error_destroy(error_);
}

int KafkaFailure::code() const noexcept { return rd_kafka_error_code(error_); }

bool KafkaFailure::retriable() const noexcept { return rd_kafka_error_is_retriable(error_) != 0; }

bool KafkaFailure::timed_out() const noexcept { return code() == RD_KAFKA_RESP_ERR__TIMED_OUT; }

std::string KafkaFailure::text() const { return rd_kafka_error_string(error_); }

}  // namespace tally::kafka
