#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct rd_kafka_s;

namespace tally::tests {

/// Changes topics, and writes to them as any other program would. Fails the test where a broker
/// does not do as it is told. One thread.
class TopicAdmin {
 public:
  explicit TopicAdmin(const std::string& bootstrap);
  ~TopicAdmin();
  TopicAdmin(const TopicAdmin&) = delete;
  TopicAdmin& operator=(const TopicAdmin&) = delete;

  /// Returns once the topic is known.
  void create(const std::string& topic, int partitions);
  void grow(const std::string& topic, int partitions);
  /// Returns once it is gone.
  void remove(const std::string& topic);
  void remove_records(const std::string& topic, std::int32_t partition, std::int64_t before);

  /// How many partitions it has; 0: there is no such topic.
  int partitions(const std::string& topic) const;

  /// A record with this value and no headers. In the topic only after flush().
  void write(const std::string& topic, std::int32_t partition, const std::string& value);
  /// A record without a value.
  void write_nothing(const std::string& topic, std::int32_t partition);
  void flush();

 private:
  struct Destroy {
    void operator()(rd_kafka_s* client) const noexcept;
  };
  void put(const std::string& topic, std::int32_t partition, const char* bytes, std::size_t size);
  void await_partitions(const std::string& topic, int partitions) const;

  std::unique_ptr<rd_kafka_s, Destroy> client_;
};

}  // namespace tally::tests
