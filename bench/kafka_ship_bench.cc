#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "bench/bare_kafka_loop.h"
#include "bench/bench_options.h"
#include "bench/corpus_store.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/ship_process.h"
#include "bench/temp_directory.h"
#include "bench/timed_shipping.h"
#include "kafka/partition_reader.h"
#include "kafka/topic_query.h"

// A store shipped to a topic, exactly once and at least once, against librdkafka in a bare loop
// that has the same records ready and ends as many transactions.

namespace tally::bench {
namespace {

constexpr std::int32_t kPartitions = 3;
constexpr const char* kTopic = "bench";

/// As the sink's own transactions end.
constexpr std::uint64_t kTransactionEvents = 100'000;
constexpr std::uint64_t kTransactionBytes = 16 * 1024 * 1024;

std::string sink_url(const std::string& brokers, const std::string& topic, const char* mode,
                     const std::string& name) {
  return fmt::format("kafka://{}/{}?create={}&mode={}&name={}", brokers, topic, kPartitions, mode,
                     name);
}

/// What librdkafka reports is of no interest to a check that waits for what it expects.
class Ignore final : public kafka::ClientObserver {
 public:
  void retrying(std::string) override {}
  void healed() override {}
};

/// The values of all committed records, sorted.
std::vector<std::string> read_topic(const std::string& brokers, const std::string& topic) {
  Ignore ignore;
  const kafka::TopicSettings settings{
      .brokers = brokers, .topic = topic, .properties = {}, .property_files = {}};
  const auto client = require(kafka::KafkaClient::open(kafka::KafkaClient::Kind::consumer, settings,
                                                       {{"enable.partition.eof", "true"}}, ignore),
                              "open a consumer");
  std::vector<std::string> values;
  for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
    kafka::PartitionReader reader(*client, topic, partition);
    require(reader.start(RD_KAFKA_OFFSET_BEGINNING).has_value(), "read a partition");
    while (true) {
      const kafka::Message message = reader.next(std::chrono::seconds(30));
      require(message != nullptr, "the topic does not end");
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) break;
      require(message->err == RD_KAFKA_RESP_ERR_NO_ERROR, "read a record");
      values.emplace_back(static_cast<const char*>(message->payload), message->len);
    }
  }
  std::ranges::sort(values);
  return values;
}

/// Every event once, byte for byte.
void check(const std::string& brokers, const char* mode) {
  const TempDirectory directory;
  const CorpusStore store = make_corpus_store(directory.path() / "data", 20'000);
  // There may be one of an earlier run.
  const std::string topic = fmt::format("check-{}-{}", mode, ::getpid());
  ship_timed(store.directory, sink_url(brokers, topic, mode, "check"));
  const PreparedRecords prepared(store.directory);
  std::vector<std::string> expected;
  for (const auto& record : prepared.records()) expected.emplace_back(record.value);
  std::ranges::sort(expected);
  require(read_topic(brokers, topic) == expected, "the topic does not hold what was posted");
}

void measure(const BenchOptions& options, const CorpusStore& store, const char* mode,
             const PreparedRecords& prepared, std::uint64_t per_transaction) {
  std::vector<double> ours;
  std::vector<double> bare;
  std::vector<double> ratios;
  std::vector<double> our_cpu;
  std::vector<double> bare_cpu;
  const auto events = static_cast<double>(prepared.records().size());
  for (std::size_t turn = 0; turn < options.repetitions; ++turn) {
    const auto loop = run_bare_kafka_loop(options.peer, kTopic, prepared, per_transaction);
    const auto shipped = ship_timed(
        store.directory, sink_url(options.peer, kTopic, mode, fmt::format("{}-{}", mode, turn)));
    require(shipped.events == prepared.records().size(), "not all events were shipped");
    ours.push_back(rate(shipped));
    bare.push_back(rate(loop));
    ratios.push_back(rate(shipped) / rate(loop));
    our_cpu.push_back(shipped.cpu_seconds / events * 1e6);
    bare_cpu.push_back(loop.cpu_seconds / events * 1e6);
  }
  print_row({.what = fmt::format("Kafka sink, {}: events", mode),
             .figure = describe_runs(ours, "events/s"),
             .limit = with_unit(median(bare), "events/s, a bare loop"),
             .ratio = median(ratios),
             .bar = "0.9"});
  print_figure("the same: CPU-seconds per million events, of the bare loop",
               fmt::format("{:.2f} s, {:.2f} s", median(our_cpu), median(bare_cpu)));
}

void run(const BenchOptions& options) {
  if (options.peer.empty()) give_up("say with --peer where a Kafka is: see bench/README.md");
  // Not confined to a core: librdkafka compresses and sends on a thread of its own, in both.
  check(options.peer, "transactional");
  check(options.peer, "idempotent");
  const TempDirectory directory;
  const CorpusStore store =
      make_corpus_store(directory.path() / "data", options.amount(1'000'000, 50'000));
  // Makes the topic.
  ship_timed(store.directory, sink_url(options.peer, kTopic, "transactional", "first"));
  const PreparedRecords prepared(store.directory);
  const std::uint64_t bytes_each = prepared.line_bytes() / prepared.records().size();
  const std::uint64_t per_transaction =
      std::min(kTransactionEvents, kTransactionBytes / bytes_each);
  measure(options, store, "transactional", prepared, per_transaction);
  measure(options, store, "idempotent", prepared, 0);
  print_memory_of_sink(options, store, "Kafka sink",
                       fmt::format("kafka://{}/{}?create={}", options.peer, kTopic, kPartitions));
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "Shipping to Kafka, against librdkafka in a bare loop."));
}
