#include "shipper/kafka/kafka_census.h"

#include <librdkafka/rdkafka.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "kafka/kafka_client.h"
#include "kafka/kafka_error.h"
#include "kafka/partition_reader.h"
#include "kafka/topic_query.h"

namespace tally::shipper {
namespace {

using kafka::KafkaClient;
using std::chrono::milliseconds;

constexpr milliseconds kAnswerWithin{1000};
constexpr int kDescribeTries = 15;  // of two seconds
constexpr std::uint64_t kRecordsUntold = 4096;

/// Where brokers put their own time on records, it may be that of a clock that is behind ours.
constexpr std::chrono::minutes kClockSkew{10};

/// Passes on what is waited for, once.
class WaitReporter final : public kafka::ClientObserver {
 public:
  explicit WaitReporter(CensusObserver& observer) : observer_(observer) {}

  void retrying(std::string trouble) override {
    if (trouble == told_) return;
    observer_.retrying("Kafka: " + trouble);
    told_ = std::move(trouble);
  }
  void healed() override { told_.clear(); }

 private:
  CensusObserver& observer_;
  std::string told_;
};

struct DestroyList {
  void operator()(rd_kafka_topic_partition_list_t* list) const noexcept {
    rd_kafka_topic_partition_list_destroy(list);
  }
};

/// The header's value; empty: there is none.
std::string_view header_of(const rd_kafka_message_t& message, const char* name) {
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return {};
  }
  return {static_cast<const char*>(value), size};
}

std::optional<UtcTime> time_of(const rd_kafka_message_t& message) {
  const std::int64_t number = rd_kafka_message_timestamp(&message, nullptr);
  return number < 0 ? std::nullopt : std::optional(UtcTime{milliseconds(number)});
}

class KafkaCensus {
 public:
  KafkaCensus(const KafkaSettings& settings, SinkCensus& census, CensusObserver& observer)
      : settings_(settings),
        census_(census),
        observer_(observer),
        store_(to_string(census.store())),
        reporter_(observer) {}

  Result<void> run() {
    TALLY_TRY(uncommitted_, open("read_uncommitted"));
    TALLY_TRY(committed_, open("read_committed"));
    TALLY_TRY(const std::int32_t partitions, count_partitions());
    for (std::int32_t partition = 0; partition < partitions; ++partition) {
      TALLY_TRY(ask_partition(partition));
    }
    return ok();
  }

 private:
  /// What librdkafka fetches ahead is bounded. It looks again at a queue that was full only when
  /// something wakes its thread, up to a second later; an answer to any small question does.
  Result<std::unique_ptr<KafkaClient>> open(const char* isolation) {
    return KafkaClient::open(KafkaClient::Kind::consumer, settings_,
                             {{"isolation.level", isolation},
                              {"enable.partition.eof", "true"},
                              {"fetch.wait.max.ms", "50"},
                              {"queued.max.messages.kbytes", "16384"},
                              {"queued.min.messages", "65536"},
                              {"topic.metadata.refresh.interval.ms", "20"}},
                             reporter_);
  }

  Result<std::int32_t> count_partitions() {
    for (int i = 0; i < kDescribeTries; ++i) {
      const auto topic = kafka::describe_topic(*committed_, settings_.topic);
      if (!topic) {
        TALLY_TRY(committed_->keep_trying({}));
        continue;
      }
      if (topic->error == 0) return topic->partitions;
      return kafka::kafka_error(kafka::TopicUse::read, topic->error, "the topic " + settings_.topic,
                                "");
    }
    return Error{Errc::io, "no broker of " + settings_.brokers + " answers"};
  }

  Result<void> ask_partition(std::int32_t partition) {
    TALLY_TRY(const auto offsets,
              kafka::ask_for_offsets(*uncommitted_, settings_.topic, partition, {}));
    TALLY_TRY(const std::int64_t start, first_offset(partition, offsets));
    std::optional<UtcTime> first_time;
    if (start < offsets.end) {
      TALLY_TRY(first_time, read(partition, start, offsets.end));
    }
    if (offsets.begin > 0) note_begin(partition, offsets.begin, start, first_time);
    return ok();
  }

  /// Of the first record that was written when the first event came in, or later.
  Result<std::int64_t> first_offset(std::int32_t partition,
                                    const kafka::PartitionOffsets& offsets) {
    const auto since =
        std::chrono::floor<milliseconds>(census_.first_received().time_since_epoch() - kClockSkew);
    const std::unique_ptr<rd_kafka_topic_partition_list_t, DestroyList> list(
        rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_t* const asked =
        rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(), partition);
    while (true) {
      asked->offset = since.count();
      const rd_kafka_resp_err_t error = rd_kafka_offsets_for_times(
          uncommitted_->get(), list.get(), static_cast<int>(kAnswerWithin.count()));
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR && asked->err == RD_KAFKA_RESP_ERR_NO_ERROR) break;
      TALLY_TRY(uncommitted_->keep_trying({}));
    }
    uncommitted_->got_through();
    // A negative one stands for the end: all records are older.
    return asked->offset < 0 ? offsets.end : asked->offset;
  }

  /// Takes in the records of the partition up to `end`. The time of the first of them.
  Result<std::optional<UtcTime>> read(std::int32_t partition, std::int64_t start,
                                      std::int64_t end) {
    std::optional<UtcTime> first;
    kafka::PartitionReader reader(*committed_, settings_.topic, partition);
    TALLY_TRY(reader.start(start));
    while (true) {
      const kafka::Message message = reader.next(kAnswerWithin);
      if (message == nullptr) {
        TALLY_TRY(committed_->keep_trying({}));
        continue;
      }
      const bool eof = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
      if (!eof && message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafka::kafka_error(kafka::TopicUse::read, message->err, settings_.topic,
                                  rd_kafka_message_errstr(message.get()));
      }
      committed_->got_through();
      if (!eof && message->offset < end) {
        if (!first) first = time_of(*message);
        take(*message);
        tell_progress(*message);
      }
      if (message->offset + (eof ? 0 : 1) >= end) return first;
      if (eof) committed_->tell("waits for a transaction that is open in " + settings_.topic);
    }
  }

  /// The first record, and many thousands later the next.
  void tell_progress(const rd_kafka_message_t& message) {
    if (read_++ % kRecordsUntold != 0) return;
    if (const auto time = time_of(message)) observer_.reached(*time, census_);
  }

  void take(const rd_kafka_message_t& message) {
    if (header_of(message, "store") != store_) return;
    const std::string_view text = header_of(message, "seq");
    std::uint64_t number = 0;
    const auto [read, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && read == text.data() + text.size();
    if (whole) census_.add_there(Sequence{number});
  }

  void note_begin(std::int32_t partition, std::int64_t begin, std::int64_t start,
                  std::optional<UtcTime> first_time) {
    std::string note = "partition " + std::to_string(partition) + " of " + settings_.topic +
                       " begins at offset " + std::to_string(begin);
    if (first_time && start == begin) {
      note += ", with a record of " + format_rfc3339(*first_time);
    }
    census_.add_note(note + ": Kafka has deleted what was before it");
  }

  const KafkaSettings& settings_;
  SinkCensus& census_;
  CensusObserver& observer_;
  const std::string store_;
  WaitReporter reporter_;
  std::uint64_t read_ = 0;                    ///< records
  std::unique_ptr<KafkaClient> uncommitted_;  ///< learns where partitions end
  std::unique_ptr<KafkaClient> committed_;
};

}  // namespace

Result<void> ask_kafka(const KafkaSettings& settings, SinkCensus& census,
                       CensusObserver& observer) {
  return KafkaCensus(settings, census, observer).run();
}

}  // namespace tally::shipper
