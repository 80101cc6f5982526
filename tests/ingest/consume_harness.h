#pragma once

#include <gtest/gtest.h>

#include <cstdint>

#include <memory>

#include <string>
#include <vector>

#include "bench/collector_process.h"
#include "ingest/kafka/kafka_source.h"
#include "model/clock.h"
#include "store/disk/posix_file_system.h"
#include "store/store.h"
#include "tests/kafka/kafka_broker.h"
#include "tests/kafka/topic_admin.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// An event with a number of its own, of one of seven containers.
std::string numbered_event(std::uint64_t number);

/// What `tally query` finds in a store, in its order.
std::vector<std::string> stored_lines(const store::Path& directory);

/// Fails the test unless the lines are events `first` to `last`, each once, in any order.
void expect_each_once(const std::vector<std::string>& lines, std::uint64_t first,
                      std::uint64_t last);

/// Fails the test unless each container's events stand in the order of their numbers.
void expect_order_of_containers(const std::vector<std::string>& lines);

/// A store with a source in this process, both stopped cleanly by the destructor. One thread.
class ConsumingStore {
 public:
  ConsumingStore(const store::Path& directory, const std::string& url);
  ~ConsumingStore();
  ConsumingStore(const ConsumingStore&) = delete;
  ConsumingStore& operator=(const ConsumingStore&) = delete;

  ingest::KafkaSourceStats stats() const { return source_->stats(); }

  /// Waits until so many records came to an end here, as events or refused.
  void await(std::uint64_t records) const;

 private:
  store::PosixFileSystem files_;
  SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<ingest::KafkaSource> source_;
};

/// Topics of the shared broker, and stores to read them into. The topic is called as the test.
class Consuming : public testing::Test {
 protected:
  std::string topic() const;
  std::string url(const std::string& parameters = "") const;
  store::Path store(const std::string& name) const { return directory_.path() / name; }

  /// Writes the next `count` events to the partitions in turn.
  void write(std::uint64_t count, std::int32_t partitions);
  std::uint64_t written() const noexcept { return written_; }

  /// A real `tally serve` that consumes.
  std::unique_ptr<bench::CollectorProcess> serve(const std::string& name, const std::string& url);

  /// The sum of what the test's group has published of the first eight partitions.
  std::int64_t published() const;

  /// The value of a series of the topic's.
  double figure(const bench::CollectorProcess& collector, const std::string& name) const;

  KafkaBroker& broker = KafkaBroker::shared();
  TopicAdmin admin{broker.bootstrap()};

 private:
  TemporaryDirectory directory_;
  std::uint64_t written_ = 0;
};

}  // namespace tally::tests
