#pragma once

#include <chrono>
#include <string>

#include "kafka/kafka_client.h"
#include "model/result.h"
#include "shipper/kafka/delivery_window.h"

namespace tally::shipper {

/// Looks whether a topic is still there while records for it are not confirmed: of one that was
/// deleted librdkafka says nothing until they have waited for `message.timeout.ms`. One thread.
class TopicWatch {
 public:
  /// `producer` and `window` must outlive it.
  TopicWatch(kafka::KafkaClient& producer, std::string topic, const DeliveryWindow& window);

  /// To be called again and again. When nothing was confirmed for two seconds, and every two
  /// seconds from then on, it asks the brokers, for up to `timeout`, if that is any time at all.
  /// Errc::not_found: the topic is missing, and what to do.
  Result<void> look(std::chrono::milliseconds timeout);

 private:
  kafka::KafkaClient* producer_;
  std::string topic_;
  const DeliveryWindow* window_;
  DeliveryWindow::Ticket oldest_ = 0;  ///< of those that were not confirmed; 0: there was none
  std::chrono::steady_clock::time_point since_;  ///< when it became that, or was asked for last
};

}  // namespace tally::shipper
