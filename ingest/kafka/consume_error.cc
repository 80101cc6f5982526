#include "ingest/kafka/consume_error.h"

#include <librdkafka/rdkafka.h>

#include <string_view>

#include "kafka/kafka_error.h"

namespace tally::ingest {
namespace {

std::string_view remedy(int code) noexcept {
  switch (code) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return "create the topic";
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return "the user needs the rights Describe and Read on the topic";
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
      return "other consumers are members of this group: choose another one with group=NAME";
    default:
      return "";
  }
}

}  // namespace

Error consume_error(int code, const std::string& what, const std::string& reason) {
  const std::string_view instead = remedy(code);
  if (instead.empty()) return kafka::kafka_error(code, what, reason);
  const char* const text = rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code));
  return {Errc::invalid, what + ": " + text + ": " + std::string(instead)};
}

}  // namespace tally::ingest
