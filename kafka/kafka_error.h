#pragma once

#include <cstdint>
#include <string>

#include "model/result.h"

struct rd_kafka_error_s;

namespace tally::kafka {

/// What somebody wants with a topic: where something is to be done, this decides what.
enum class TopicUse : std::uint8_t { read, write };

/// What a code of librdkafka's means: Errc::not_found for a topic that is missing, Errc::invalid
/// where somebody has to change something else first (a right, a property), else Errc::io. `reason`
/// says more than the code's own text; may be empty.
Error kafka_error(TopicUse use, int code, const std::string& what, const std::string& reason);

/// That another producer has begun with the same transactional.id, or that the coordinator gave
/// the transaction up: both look alike.
bool is_fenced(int code) noexcept;

/// An error that librdkafka returned, owned; none: success. Not thread-safe.
class KafkaFailure {
 public:
  explicit KafkaFailure(rd_kafka_error_s* error) noexcept : error_(error) {}
  ~KafkaFailure();
  KafkaFailure(const KafkaFailure&) = delete;
  KafkaFailure& operator=(const KafkaFailure&) = delete;

  explicit operator bool() const noexcept { return error_ != nullptr; }
  int code() const noexcept;
  bool retriable() const noexcept;
  bool timed_out() const noexcept;  ///< goes on in the background
  std::string text() const;

 private:
  rd_kafka_error_s* error_;
};

}  // namespace tally::kafka
