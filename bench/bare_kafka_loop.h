#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/timed_shipping.h"
#include "model/sequence.h"
#include "model/time.h"
#include "store/cursor.h"

namespace tally::bench {

/// The records that a Kafka sink makes of a store's events, made beforehand. In memory.
class PreparedRecords {
 public:
  struct Record {
    std::string_view key;
    std::string_view value;
    std::string sequence;  ///< of the headers, as the rest
    std::string_view service;
    std::string_view operation;
    std::string_view time;
    UtcTime received{};
  };

  explicit PreparedRecords(const std::filesystem::path& directory);

  const std::string& store() const noexcept { return store_; }
  const std::vector<Record>& records() const noexcept { return records_; }
  std::uint64_t line_bytes() const noexcept { return line_bytes_; }

 private:
  std::string_view keep(std::string_view text);

  std::string store_;
  std::vector<std::unique_ptr<std::string>> texts_;  ///< what the views are of
  std::vector<Record> records_;
  std::uint64_t line_bytes_ = 0;
};

/// The least that gets records into a topic through librdkafka: a loop that hands them over, with
/// the properties that the sink sets, and ends a transaction after every `per_transaction` of them
/// (0: there are none, the producer is idempotent). From when it is ready until the last is
/// confirmed.
ShippingTime run_bare_kafka_loop(const std::string& brokers, const std::string& topic,
                                 const PreparedRecords& prepared, std::uint64_t per_transaction);

}  // namespace tally::bench
