#pragma once

#include <librdkafka/rdkafka.h>

#include <bit>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "model/time.h"

namespace tally::shipper {

// What rd_kafka_produceva() takes a record as.

/// A key or value. It is only read, but the library's interface is older than const.
inline rd_kafka_vu_t bytes_part(rd_kafka_vtype_t type, std::string_view text) {
  rd_kafka_vu_t part{};
  part.vtype = type;
  part.u.mem.ptr = const_cast<char*>(text.data());
  part.u.mem.size = text.size();
  return part;
}

inline rd_kafka_vu_t topic_part(rd_kafka_topic_t* topic) {
  rd_kafka_vu_t part{};
  part.vtype = RD_KAFKA_VTYPE_RKT;
  part.u.rkt = topic;
  return part;
}

/// `topic` ends with a NUL and lives until the call is over.
inline rd_kafka_vu_t topic_name_part(const char* topic) {
  rd_kafka_vu_t part{};
  part.vtype = RD_KAFKA_VTYPE_TOPIC;
  part.u.cstr = topic;
  return part;
}

inline rd_kafka_vu_t partition_part(std::int32_t partition) {
  rd_kafka_vu_t part{};
  part.vtype = RD_KAFKA_VTYPE_PARTITION;
  part.u.i32 = partition;
  return part;
}

/// That key and value are copied.
inline rd_kafka_vu_t copy_part() {
  rd_kafka_vu_t part{};
  part.vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  part.u.i = RD_KAFKA_MSG_F_COPY;
  return part;
}

inline rd_kafka_vu_t time_part(UtcTime time) {
  rd_kafka_vu_t part{};
  part.vtype = RD_KAFKA_VTYPE_TIMESTAMP;
  part.u.i64 =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return part;
}

/// librdkafka's own from the moment that it has taken the record.
inline rd_kafka_vu_t headers_part(rd_kafka_headers_t* headers) {
  rd_kafka_vu_t part{};
  part.vtype = RD_KAFKA_VTYPE_HEADERS;
  part.u.headers = headers;
  return part;
}

/// What the record's delivery report comes with, as its `_private`.
inline rd_kafka_vu_t ticket_part(std::uint64_t ticket) {
  rd_kafka_vu_t part{};
  part.vtype = RD_KAFKA_VTYPE_OPAQUE;
  part.u.ptr = std::bit_cast<void*>(ticket);
  return part;
}

}  // namespace tally::shipper
