#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "model/result.h"
#include "net/service_url.h"
#include "net/url.h"
#include "shipper/loki/loki_credentials.h"
#include "shipper/loki/push_batch.h"
#include "shipper/loki/push_encoder.h"

namespace tally::shipper {

/// What becomes of an event whose time Loki does not take.
enum class LateEvents : std::uint8_t {
  restamp,      ///< it is sent with its time of receipt
  dead_letter,  ///< it is put among the dead letters
};

/// How events become Loki's entries.
struct LokiMapping {
  StreamLabels labels;  ///< of every stream, by name
  bool service_label = true;
  bool operation_label = true;
  bool success_label = true;
  PushFormat format = PushFormat::protobuf;
  std::uint64_t batch_bytes = 0;     ///< of a body before compression
  std::uint64_t max_line_bytes = 0;  ///< longer lines are dead letters
};

struct LokiOptions {
  net::Url url;  ///< without Loki's own path
  LokiCredentials credentials;
  std::string ca_file;  ///< empty: the system's
  LokiMapping mapping;
  LateEvents late = LateEvents::restamp;
  std::size_t connections = 0;
  std::uint64_t memory_bytes = 0;             ///< of events in hand and requests
  std::uint64_t bytes_per_second = 0;         ///< 0: as fast as it goes
  std::uint64_t stream_bytes_per_second = 0;  ///< of each stream; 0: until the receiver says so
  std::chrono::seconds answer_timeout{};
};

/// What a URL says, and the defaults for what it does not; docs/sinks.md. Errc::invalid says what
/// is wrong.
Result<LokiOptions> read_loki_options(const net::ServiceUrl& url, net::UrlParameters& parameters);

}  // namespace tally::shipper
