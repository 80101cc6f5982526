#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct rd_kafka_s;

namespace tally::tests {

/// A record as a consumer sees it.
struct TopicRecord {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int64_t timestamp = 0;  ///< milliseconds since 1970
  std::string key;
  std::string value;
  std::map<std::string, std::string> headers;

  std::uint64_t sequence() const { return std::stoull(headers.at("seq")); }
};

/// A topic as its consumers see it: only what is committed. One thread.
class TopicReader {
 public:
  TopicReader(const std::string& bootstrap, const std::string& topic);
  ~TopicReader();
  TopicReader(const TopicReader&) = delete;
  TopicReader& operator=(const TopicReader&) = delete;

  /// How many partitions it has; 0: there is no such topic. Asking does not make it.
  std::int32_t partitions() const;

  /// All that was written before the call, by partition and offset; waits for transactions that are
  /// open.
  std::vector<TopicRecord> read_all() const;

  /// How much was ever written, committed or not, marks of transactions included.
  std::uint64_t written() const;

  /// How much of it consumers may read already.
  std::uint64_t readable() const;

 private:
  struct Destroy {
    void operator()(rd_kafka_s* client) const noexcept;
  };
  using Client = std::unique_ptr<rd_kafka_s, Destroy>;

  static Client connect(const std::string& bootstrap, const std::string& isolation);
  std::uint64_t sum_of_ends(rd_kafka_s* client) const;

  std::string topic_;
  Client committed_;
  Client uncommitted_;
};

/// What a count of records comes to, of events `first` to the last of a SampleStore.
struct TopicCount {
  std::uint64_t arrived = 0;  ///< as often as they came
  std::uint64_t unique = 0;
  std::uint64_t lost = 0;
  std::uint64_t doubled = 0;
  std::uint64_t wrong = 0;         ///< not the event's line
  std::uint64_t out_of_order = 0;  ///< behind a later one of its key
};

/// Counts those of events `first` to `last`; others are not looked at.
TopicCount count_records(const std::vector<TopicRecord>& records, std::uint64_t first,
                         std::uint64_t last);

/// Fails the test unless the records are events 1 to `count` of a SampleStore, each once, and each
/// key's in order.
void expect_exactly_once(const std::vector<TopicRecord>& records, std::uint64_t count);

}  // namespace tally::tests
