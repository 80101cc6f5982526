#include "bench/bare_kafka_loop.h"

#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <array>
#include <map>

#include "bench/cpu.h"
#include "bench/require.h"
#include "shipper/kafka/record_parts.h"
#include "store/disk/posix_file_system.h"
#include "store/event/event_lines.h"
#include "store/event/event_reader.h"

namespace tally::bench {
namespace {

constexpr int kAnswerWithin = 60'000;  // milliseconds

struct Destroy {
  void operator()(rd_kafka_t* producer) const noexcept { rd_kafka_destroy(producer); }
  void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};
using Producer = std::unique_ptr<rd_kafka_t, Destroy>;
using Topic = std::unique_ptr<rd_kafka_topic_t, Destroy>;

void require_success(rd_kafka_error_t* error, const char* what) {
  if (error != nullptr) give_up(std::string(what) + ": " + rd_kafka_error_string(error));
}

void count_delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* delivered) {
  require(message->err == RD_KAFKA_RESP_ERR_NO_ERROR, "a record was not delivered");
  ++*static_cast<std::uint64_t*>(delivered);
}

Producer make_producer(const std::string& brokers, bool transactional, std::uint64_t& delivered) {
  std::map<std::string, std::string> properties = {{"bootstrap.servers", brokers},
                                                   {"enable.idempotence", "true"},
                                                   {"acks", "all"},
                                                   {"compression.codec", "zstd"},
                                                   {"linger.ms", "50"},
                                                   {"partitioner", "murmur2_random"},
                                                   {"queue.buffering.max.messages", "0"}};
  if (transactional) properties.emplace("transactional.id", "bare-loop");
  rd_kafka_conf_t* const configuration = rd_kafka_conf_new();
  std::array<char, 512> reason{};
  for (const auto& [name, value] : properties) {
    require(rd_kafka_conf_set(configuration, name.c_str(), value.c_str(), reason.data(),
                              reason.size()) == RD_KAFKA_CONF_OK,
            reason.data());
  }
  rd_kafka_conf_set_opaque(configuration, &delivered);
  rd_kafka_conf_set_dr_msg_cb(configuration, &count_delivered);
  Producer producer(rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason.data(), reason.size()));
  require(producer != nullptr, reason.data());
  return producer;
}

rd_kafka_headers_t* make_headers(const std::string& store, const PreparedRecords::Record& record) {
  const std::array<std::pair<std::string_view, std::string_view>, 5> all = {{
      {"store", store},
      {"seq", record.sequence},
      {"service", record.service},
      {"operation", record.operation},
      {"time", record.time},
  }};
  rd_kafka_headers_t* const headers = rd_kafka_headers_new(all.size());
  for (const auto& [name, value] : all) {
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  return headers;
}

void produce(rd_kafka_t* producer, rd_kafka_topic_t* topic, const std::string& store,
             const PreparedRecords::Record& record) {
  using shipper::bytes_part;
  const std::array<rd_kafka_vu_t, 6> parts = {shipper::topic_part(topic),
                                              shipper::copy_part(),
                                              bytes_part(RD_KAFKA_VTYPE_KEY, record.key),
                                              bytes_part(RD_KAFKA_VTYPE_VALUE, record.value),
                                              shipper::time_part(record.received),
                                              shipper::headers_part(make_headers(store, record))};
  require_success(rd_kafka_produceva(producer, parts.data(), parts.size()), "produce");
}

}  // namespace

PreparedRecords::PreparedRecords(const std::filesystem::path& directory) {
  constexpr auto kFields = store::FieldSet::time | store::FieldSet::service |
                           store::FieldSet::operation | store::FieldSet::container;
  store::PosixFileSystem files;
  auto cursor = require(store::Cursor::open(files, directory), "open a cursor");
  store_ = to_string(cursor.id());
  store::EventReader reader;
  while (const auto chunk = require(cursor.next(), "read the store")) {
    store::for_each_line(*chunk, [&](const store::EventLine& event) {
      const store::EventFields* const fields = reader.read(event.line, kFields);
      require(fields != nullptr, "an event cannot be read");
      records_.push_back({.key = keep(fields->container.value_or(fields->service)),
                          .value = keep(event.line),
                          .sequence = std::to_string(to_number(event.sequence)),
                          .service = keep(fields->service),
                          .operation = keep(fields->operation),
                          .time = keep(fields->timestamp),
                          .received = event.run->received});
      line_bytes_ += event.line.size() + 1;
      return true;
    });
  }
}

std::string_view PreparedRecords::keep(std::string_view text) {
  constexpr std::size_t kPiece = 16 * 1024 * 1024;
  if (texts_.empty() || texts_.back()->size() + text.size() > texts_.back()->capacity()) {
    texts_.push_back(std::make_unique<std::string>());
    texts_.back()->reserve(std::max(kPiece, text.size()));
  }
  const std::size_t begin = texts_.back()->size();
  *texts_.back() += text;
  return std::string_view(*texts_.back()).substr(begin);
}

ShippingTime run_bare_kafka_loop(const std::string& brokers, const std::string& topic_name,
                                 const PreparedRecords& prepared, std::uint64_t per_transaction) {
  std::uint64_t delivered = 0;
  const Producer producer = make_producer(brokers, per_transaction > 0, delivered);
  const Topic topic(rd_kafka_topic_new(producer.get(), topic_name.c_str(), nullptr));
  if (per_transaction > 0) {
    require_success(rd_kafka_init_transactions(producer.get(), kAnswerWithin), "init");
  }
  const double began_at = wall_seconds();
  const double cpu_before = process_cpu_seconds(::getpid());
  std::uint64_t in_transaction = 0;
  const auto end = [&] {
    if (in_transaction == 0) return;
    require_success(rd_kafka_commit_transaction(producer.get(), kAnswerWithin), "commit");
    in_transaction = 0;
  };
  for (const PreparedRecords::Record& record : prepared.records()) {
    if (per_transaction > 0 && in_transaction++ == 0) {
      require_success(rd_kafka_begin_transaction(producer.get()), "begin");
    }
    produce(producer.get(), topic.get(), prepared.store(), record);
    if (in_transaction == per_transaction) end();
    rd_kafka_poll(producer.get(), 0);
  }
  end();
  rd_kafka_flush(producer.get(), kAnswerWithin);
  require(delivered == prepared.records().size(), "records are missing");
  return {delivered, wall_seconds() - began_at, process_cpu_seconds(::getpid()) - cpu_before};
}

}  // namespace tally::bench
