#include "ingest/kafka/kafka_source.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "ingest/kafka/consume_session.h"
#include "ingest/kafka/record_packer.h"
#include "ingest/wake_signal.h"

namespace tally::ingest {

using std::chrono::milliseconds;

struct KafkaSource::Parts {
  Parts(store::Store& into, const Clock& injected, KafkaSourceOptions given)
      : store(into),
        clock(injected),
        options(std::move(given)),
        name(options.settings.name()),
        counters(name) {}

  void run(const std::stop_token& stop);
  Result<void> run_session(const std::stop_token& stop);
  void pause(milliseconds length, const std::stop_token& stop);

  // Constant after construction.
  store::Store& store;
  const Clock& clock;
  const KafkaSourceOptions options;
  const std::string name;

  // Shared.
  WakeSignal wake;
  CommitInbox<PartitionTask> inbox{wake};
  ConsumeCounters counters;

  // The source's thread's own.
  RecordPacker packer;
  SourceMemory memory;

  std::jthread thread;
};

KafkaSource::KafkaSource(store::Store& store, const Clock& clock, KafkaSourceOptions options)
    : parts_(std::make_unique<Parts>(store, clock, std::move(options))) {}

KafkaSource::~KafkaSource() { stop(); }

void KafkaSource::start() {
  parts_->thread =
      std::jthread([parts = parts_.get()](const std::stop_token& stop) { parts->run(stop); });
}

void KafkaSource::stop() {
  parts_->thread.request_stop();
  parts_->wake.raise();
  if (parts_->thread.joinable()) parts_->thread.join();
}

const std::string& KafkaSource::name() const noexcept { return parts_->name; }

KafkaSourceStats KafkaSource::stats() const { return parts_->counters.stats(); }

void KafkaSource::Parts::run(const std::stop_token& stop) {
  ::prctl(PR_SET_NAME, "tally-consume");
  milliseconds length{0};
  while (!stop.stop_requested()) {
    const auto ended = run_session(stop);
    if (stop.stop_requested()) break;
    if (ended) {
      length = {};
      continue;
    }
    counters.failed(ended.error());
    length = std::clamp(length * 2, options.retry_min, options.retry_max);
    pause(length, stop);
  }
}

/// Success: something has changed, and reading is to be begun anew at once.
Result<void> KafkaSource::Parts::run_session(const std::stop_token& stop) {
  const PartitionContext context{
      store, inbox, packer, clock, counters, options.retry_min, options.retry_max};
  ConsumeSession session(context, options, wake, memory, stop);
  auto ended = session.begin();
  if (ended) ended = session.read();
  session.end();
  return ended;
}

void KafkaSource::Parts::pause(milliseconds length, const std::stop_token& stop) {
  pollfd entry{wake.descriptor(), POLLIN, 0};
  if (!stop.stop_requested()) ::poll(&entry, 1, static_cast<int>(length.count()));
}

}  // namespace tally::ingest
