#include "shipper/loki/loki_sink.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "shipper/dead_letters.h"
#include "shipper/loki/loki_delivery.h"
#include "shipper/loki/push_encoder.h"
#include "shipper/loki/push_gatherer.h"
#include "shipper/loki/push_queue.h"

namespace tally::shipper {
namespace {

class LokiSink final : public Sink {
 public:
  LokiSink(const LokiOptions& options, const SinkContext& context, DeadLetters letters);
  ~LokiSink() override;

  Result<bool> take(const store::Chunk& events) override;
  Result<void> flush() override;
  Result<std::optional<store::SinkState>> progress(std::chrono::milliseconds timeout) override;
  SinkStats stats() const override { return counters_.stats(); }

 private:
  void send(const std::stop_token& stop);
  void queue_ended();
  Result<void> bury(PushBatch& batch);

  const LokiOptions options_;
  const std::uint64_t request_memory_;  ///< bytes that the senders' requests may take
  DeadLetters letters_;
  PushGatherer gatherer_;
  // Shared with the senders.
  SinkCounters counters_;
  SendPace pace_;
  StreamPace streams_;
  PushQueue queue_;
  LokiShared shared_;
  std::stop_source stop_;
  std::vector<std::jthread> senders_;
};

LokiSink::LokiSink(const LokiOptions& options, const SinkContext& context, DeadLetters letters)
    : options_(options),
      request_memory_(options.connections * PushEncoder::memory_bytes(options.mapping.batch_bytes)),
      letters_(std::move(letters)),
      gatherer_(options.mapping),
      pace_(options.connections, options.bytes_per_second, std::random_device{}()),
      streams_(options.stream_bytes_per_second),
      shared_{&options_, context.name, to_string(context.store), &pace_, &streams_, &counters_} {
  for (std::size_t i = 0; i < options_.connections; ++i) {
    senders_.emplace_back([this] { send(stop_.get_token()); });
  }
}

LokiSink::~LokiSink() {
  stop_.request_stop();
  senders_.clear();
}

/// One sender's life.
void LokiSink::send(const std::stop_token& stop) {
  LokiDelivery delivery(shared_, stop);
  while (PushBatch* const batch = queue_.next(stop)) {
    const auto delivered = delivery.deliver(*batch);
    if (delivered && !delivered.value()) return;
    queue_.finish(batch, delivered ? Result<void>(ok()) : delivered.error());
  }
}

Result<bool> LokiSink::take(const store::Chunk& events) {
  const std::uint64_t queued = queue_.memory_bytes();
  const std::uint64_t in_hand = queued + gatherer_.memory_bytes() + request_memory_;
  if (queued > 0 && in_hand + events.lines.size() > options_.memory_bytes) return false;
  if (queue_.failure()) return false;  // progress() tells it
  gatherer_.add(events);
  queue_ended();
  return true;
}

Result<void> LokiSink::flush() {
  gatherer_.end_batch();
  queue_ended();
  return ok();
}

void LokiSink::queue_ended() {
  for (auto& batch : gatherer_.take_ended()) queue_.add(std::move(batch));
}

Result<std::optional<store::SinkState>> LokiSink::progress(std::chrono::milliseconds timeout) {
  const auto finished = queue_.take_finished(timeout);
  if (finished.empty()) {
    if (const auto failure = queue_.failure()) return *failure;
    return std::optional<store::SinkState>();
  }
  for (const auto& batch : finished) {
    TALLY_TRY(bury(*batch));
  }
  TALLY_TRY(letters_.sync());
  return store::SinkState{finished.back()->end, ""};
}

/// Puts what will never be taken among the dead letters.
Result<void> LokiSink::bury(PushBatch& batch) {
  std::ranges::sort(batch.refused, {}, &RefusedEntry::sequence);
  for (const RefusedEntry& entry : batch.refused) {
    TALLY_TRY(letters_.add(entry.sequence, entry.received, entry.line, entry.reason));
  }
  counters_.dead(batch.refused.size());
  return ok();
}

}  // namespace

Result<SinkFactory> loki_sink_factory(const net::ServiceUrl& url, net::UrlParameters& parameters) {
  TALLY_TRY(const LokiOptions options, read_loki_options(url, parameters));
  return SinkFactory([options](const SinkContext& context) -> Result<std::unique_ptr<Sink>> {
    // What these files lack is told now rather than with the first connection.
    TALLY_TRY(credential_headers(options.credentials));
    if (!options.ca_file.empty() && ::access(options.ca_file.c_str(), R_OK) != 0) {
      return errno_error(errno, "cannot read " + options.ca_file);
    }
    TALLY_TRY(auto letters,
              DeadLetters::open(*context.files, *context.clock, context.paths, context.name));
    return std::make_unique<LokiSink>(options, context, std::move(letters));
  });
}

}  // namespace tally::shipper
