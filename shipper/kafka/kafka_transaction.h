#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

#include "kafka/kafka_client.h"
#include "model/result.h"

namespace tally::shipper {

/// How far a call has got that brokers take their time for.
enum class Progress : std::uint8_t { done, under_way };

/// A producer's transactions, one after the other. An error of any function ends the producer;
/// fenced() says whether because another one has taken its place. One thread.
class KafkaTransactions {
 public:
  /// `producer` must outlive it.
  explicit KafkaTransactions(kafka::KafkaClient& producer) : producer_(&producer) {}
  /// Ends what is open, within a second: else it would keep readers waiting until it times out. It
  /// is aborted, unless its commit is under way.
  ~KafkaTransactions();
  KafkaTransactions(const KafkaTransactions&) = delete;
  KafkaTransactions& operator=(const KafkaTransactions&) = delete;

  /// Ends other producers of the same transactional.id, and what they left open. Waits for brokers
  /// until `stop`.
  Result<void> init(const std::stop_token& stop);

  Result<void> begin();
  bool open() const noexcept { return open_; }

  /// Puts a record into the open transaction.
  Result<void> put(const std::string& topic, const std::string& key, const std::string& value);

  /// Waits up to `timeout`; to be called again while it is under way.
  Result<Progress> commit(std::chrono::milliseconds timeout);

  bool fenced() const noexcept { return fenced_; }

 private:
  void wait_out(std::string trouble, std::chrono::milliseconds timeout);
  Error failed(int code, const char* what, const std::string& text);

  kafka::KafkaClient* producer_;
  bool open_ = false;
  bool committing_ = false;
  bool fenced_ = false;
};

}  // namespace tally::shipper
