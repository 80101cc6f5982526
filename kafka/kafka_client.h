#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "kafka/client_statistics.h"
#include "kafka/kafka_error.h"
#include "kafka/refused_certificate.h"
#include "kafka/topic_settings.h"
#include "model/result.h"

struct rd_kafka_s;

namespace tally::kafka {

/// What a client reports beside the answers to calls. Called by the thread that uses the client.
class ClientObserver {
 public:
  virtual ~ClientObserver() = default;

  /// That it goes on trying, and why.
  virtual void retrying(std::string trouble) = 0;

  /// That what it tried succeeds again.
  virtual void healed() = 0;

  /// Of a producer: the record that was handed over with this ticket (never 0) is in the topic.
  virtual void delivered(std::uint64_t /*ticket*/) {}

  /// What librdkafka says of itself, every few seconds, of a producer.
  virtual void statistics(const ClientStatistics& /*statistics*/) {}

  /// Of a producer: a record will not arrive.
  virtual void undelivered(const Error& /*error*/) {}
};

/// A client of librdkafka's: its connections, and what it reports beside the answers to calls. Log
/// lines go to spdlog, troubles to the observer. Used by one thread; librdkafka has its own.
class KafkaClient {
 public:
  enum class Kind : std::uint8_t { producer, consumer };
  using Milliseconds = std::chrono::milliseconds;

  /// `own` are properties that win over those of the settings. Errc::invalid names a property that
  /// librdkafka does not take. Connects in the background. `observer` must outlive it.
  static Result<std::unique_ptr<KafkaClient>> open(Kind kind, const TopicSettings& settings,
                                                   const KafkaProperties& own,
                                                   ClientObserver& observer);
  /// Gives up what is in hand.
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  rd_kafka_s* get() const noexcept { return handle_.get(); }

  /// Takes reports in, waiting up to `timeout` for the first one.
  void poll(Milliseconds timeout);

  /// Whether a call that did not get through is to be tried again: Errc::io once a stop is asked
  /// for, Errc::invalid when brokers have refused who we are for some time. Takes reports in, for
  /// a moment, so that what fails at once is not tried without end.
  Result<void> keep_trying(const std::stop_token& stop);

  /// Tells the observer what it waits for, until got_through().
  void tell(std::string trouble);

  /// That calls get through.
  void got_through();

  /// The code of the error after which a producer is of no use any more; 0: there is none.
  int fatal_code() const noexcept;
  std::string fatal_text() const;

 private:
  struct Destroy {
    void operator()(rd_kafka_s* handle) const noexcept;
  };
  struct Callbacks;

  KafkaClient(TopicUse use, ClientObserver& observer) : use_(use), observer_(&observer) {}

  void note_trouble(int code, const char* reason);
  Error trouble_of(int code, const std::string& reason) const;
  void tell_all_down(const std::string& reason);

  const TopicUse use_;
  ClientObserver* observer_;
  std::optional<Error> refusal_;  ///< the last one since calls got through
  std::chrono::steady_clock::time_point refused_since_;
  std::string scram_caveat_;                     ///< goes with what is said of a refused user
  std::string trouble_;                          ///< the last one since calls got through
  RefusedCertificate refused_certificate_;       ///< also used by librdkafka's threads
  std::unique_ptr<rd_kafka_s, Destroy> handle_;  ///< last: its destruction may still report
};

}  // namespace tally::kafka
