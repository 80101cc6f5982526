#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "shipper/shipper.h"
#include "tests/kafka/kafka_broker.h"
#include "tests/shipper/sample_store.h"
#include "tests/shipper/topic_reader.h"

namespace tally::tests {

/// A restless store that is shipped to a topic of the case's own, and what chance decides.
class KafkaFault : public testing::Test {
 protected:
  std::string topic() const;

  /// Of the sink "kafka", with small transactions unless told otherwise. `parameters` begin with
  /// '&'.
  std::string url(const KafkaBroker& brokers, const std::string& parameters = "&create=3",
                  std::uint64_t transaction_events = 700) const;

  /// Ships from now on.
  void begin(const std::string& url);

  /// So many events as a round of a case has.
  void add();

  /// What the sink said last of a trouble meanwhile, which may be over before it is looked at;
  /// empty: nothing was seen.
  std::string wait_for_arrivals();

  /// Until less than half of a round's events more are written than now.
  void wait_for_somewhat_more(const TopicReader& reader);

  /// What the sink says of its trouble, as soon as this is part of it.
  std::string wait_for_trouble(const std::string& part);

  std::uint64_t below(std::uint64_t end);

  /// ", seed N"
  std::string seed_text() const { return ", seed " + std::to_string(seed); }

  /// Counts the events from `first` on, fails the test for any that is not there exactly once and
  /// in its key's order, and puts down the row.
  void count(const std::string& fault, const std::vector<TopicRecord>& records,
             const std::string& said, std::uint64_t first = 1);

  SampleStore store{SampleStore::Life::restless};
  std::unique_ptr<shipper::Shipper> ship;
  std::uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
};

}  // namespace tally::tests
