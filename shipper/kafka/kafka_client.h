#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "model/result.h"
#include "shipper/kafka/delivery_window.h"
#include "shipper/kafka/kafka_settings.h"
#include "shipper/sink_counters.h"

struct rd_kafka_s;

namespace tally::shipper {

/// A client of librdkafka's: its connections, and what it reports beside the answers to calls. Log
/// lines go to spdlog, troubles to the sink's counters. Used by one thread; librdkafka has its own.
class KafkaClient {
 public:
  enum class Kind : std::uint8_t { producer, consumer };
  using Milliseconds = std::chrono::milliseconds;

  /// What it reports to; `window` (a producer's only) and `counters` must outlive it.
  struct Reports {
    SinkCounters* counters = nullptr;
    DeliveryWindow* window = nullptr;
  };

  /// `own` are properties that win over those of the settings. Errc::invalid names a property that
  /// librdkafka does not take. Connects in the background.
  static Result<std::unique_ptr<KafkaClient>> open(Kind kind, const KafkaSettings& settings,
                                                   const KafkaProperties& own, Reports reports);
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

  /// Says in the sink's stats what it waits for, until got_through().
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

  explicit KafkaClient(Reports reports) : reports_(reports) {}

  void note_trouble(int code, const char* reason);

  Reports reports_;
  std::optional<Error> refusal_;  ///< the last one since calls got through
  std::chrono::steady_clock::time_point refused_since_;
  bool troubled_ = false;
  std::unique_ptr<rd_kafka_s, Destroy> handle_;  ///< last: its destruction may still report
};

}  // namespace tally::shipper
