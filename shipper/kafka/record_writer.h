#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "model/result.h"
#include "shipper/kafka/delivery_window.h"
#include "store/event/event_lines.h"
#include "store/event/event_reader.h"
#include "store/store_id.h"

struct rd_kafka_s;
struct rd_kafka_topic_s;

namespace tally::shipper {

/// Makes records of events, and hands them to a producer: the key is the container, or the service
/// where there is none; the value is the line as it was posted; headers say `store`, `seq`,
/// `service`, `operation` and `time`; the timestamp is the time of receipt, since a broker refuses
/// the future and its retention eats the past. One thread.
class RecordWriter {
 public:
  /// `producer` and `window` must outlive it. At most `memory_bytes` wait to be confirmed, of a
  /// record that is larger just it.
  RecordWriter(rd_kafka_s* producer, const std::string& topic, const store::StoreId& store,
               std::uint64_t memory_bytes, DeliveryWindow& window);
  ~RecordWriter();
  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;

  /// False: there is no room until more is confirmed. Copies what it needs.
  Result<bool> put(const store::EventLine& event);

 private:
  struct DestroyTopic {
    void operator()(rd_kafka_topic_s* topic) const noexcept;
  };

  Result<bool> produce(const store::EventLine& event, const store::EventFields* fields,
                       DeliveryWindow::Ticket ticket);

  rd_kafka_s* producer_;
  std::unique_ptr<rd_kafka_topic_s, DestroyTopic> topic_;
  std::string store_;
  std::uint64_t memory_bytes_;
  DeliveryWindow* window_;
  store::EventReader reader_;
};

}  // namespace tally::shipper
