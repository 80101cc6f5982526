#include "shipper/kafka/record_writer.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <charconv>
#include <string_view>

#include "kafka/kafka_error.h"
#include "shipper/kafka/record_parts.h"

namespace tally::shipper {
namespace {

constexpr store::FieldSet kFields = store::FieldSet::time | store::FieldSet::service |
                                    store::FieldSet::operation | store::FieldSet::container;

struct FreeHeaders {
  void operator()(rd_kafka_headers_t* headers) const noexcept { rd_kafka_headers_destroy(headers); }
};
using Headers = std::unique_ptr<rd_kafka_headers_t, FreeHeaders>;

void add(rd_kafka_headers_t* headers, std::string_view name, std::string_view value) {
  rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                      static_cast<ssize_t>(value.size()));
}

Headers headers_of(const std::string& store, Sequence sequence, const store::EventFields* fields) {
  constexpr std::size_t kCount = 5;
  Headers headers(rd_kafka_headers_new(kCount));
  std::array<char, 20> digits{};
  const char* const end =
      std::to_chars(digits.data(), digits.data() + digits.size(), to_number(sequence)).ptr;
  add(headers.get(), "store", store);
  add(headers.get(), "seq", {digits.data(), static_cast<std::size_t>(end - digits.data())});
  if (fields == nullptr) return headers;
  add(headers.get(), "service", fields->service);
  add(headers.get(), "operation", fields->operation);
  add(headers.get(), "time", fields->timestamp);
  return headers;
}

/// An event that cannot be read goes to any partition: bytes that were damaged are shipped as well.
std::string_view key_of(const store::EventFields* fields) {
  if (fields == nullptr) return {};
  return fields->container.value_or(fields->service);
}

}  // namespace

RecordWriter::RecordWriter(rd_kafka_s* producer, const std::string& topic,
                           const store::StoreId& store, std::uint64_t memory_bytes,
                           DeliveryWindow& window)
    : producer_(producer),
      topic_(rd_kafka_topic_new(producer, topic.c_str(), nullptr)),
      store_(to_string(store)),
      memory_bytes_(memory_bytes),
      window_(&window) {}

RecordWriter::~RecordWriter() = default;

void RecordWriter::DestroyTopic::operator()(rd_kafka_topic_s* topic) const noexcept {
  rd_kafka_topic_destroy(topic);
}

Result<bool> RecordWriter::put(const store::EventLine& event) {
  const std::size_t memory = window_->memory() + event.line.size() + window_->kRecordBytes;
  if (!window_->empty() && memory > memory_bytes_) return false;
  const store::EventFields* const fields = reader_.read(event.line, kFields);
  const auto ticket = window_->add(event.sequence, event.line.size());
  auto put = produce(event, fields, ticket);
  if (!put || !put.value()) window_->take_back();
  return put;
}

Result<bool> RecordWriter::produce(const store::EventLine& event, const store::EventFields* fields,
                                   DeliveryWindow::Ticket ticket) {
  Headers headers = headers_of(store_, event.sequence, fields);
  const std::array<rd_kafka_vu_t, 7> parts = {topic_part(topic_.get()),
                                              copy_part(),
                                              bytes_part(RD_KAFKA_VTYPE_KEY, key_of(fields)),
                                              bytes_part(RD_KAFKA_VTYPE_VALUE, event.line),
                                              time_part(event.run->received),
                                              headers_part(headers.get()),
                                              ticket_part(ticket)};
  const kafka::KafkaFailure failure(rd_kafka_produceva(producer_, parts.data(), parts.size()));
  if (!failure) {
    // They are librdkafka's now.
    (void)headers.release();
    return true;
  }
  if (failure.code() == RD_KAFKA_RESP_ERR__QUEUE_FULL) return false;
  return kafka::kafka_error(kafka::TopicUse::write, failure.code(),
                            rd_kafka_topic_name(topic_.get()), failure.text());
}

}  // namespace tally::shipper
