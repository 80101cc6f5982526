#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "bench/bench_options.h"
#include "bench/blocking_client.h"
#include "bench/corpus_store.h"
#include "bench/cpu.h"
#include "bench/http_load.h"
#include "bench/push_recorder.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/ship_process.h"
#include "bench/temp_directory.h"
#include "bench/timed_shipping.h"

// A store shipped to what takes Loki's pushes, against a bare client that posts the same bodies,
// made beforehand, over as many connections.

namespace tally::bench {
namespace {

constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::size_t kConnections = 4;  // of the sink, unless its URL says otherwise

bool is_taken(const LoadRound&, const HttpAnswer& answer) { return answer.status == 204; }

struct Peer {
  std::uint16_t port = 0;
  std::string base;  ///< of its paths
  std::string url;   ///< of the sink, with a parameter
};

Peer peer_of(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const std::size_t slash = std::min(address.find('/', colon), address.size());
  require(colon != address.npos, "--peer is HOST:PORT[/BASE]");
  const int port = std::stoi(address.substr(colon + 1, slash - colon - 1));
  return {static_cast<std::uint16_t>(port), address.substr(slash),
          "loki+http://" + address + "?label.host=bench"};
}

/// The bodies that the sink makes of the store, with their heads, ready to be sent.
std::vector<LoadRound> record_pushes(const CorpusStore& store, const Peer& peer) {
  PushRecorder recorder;
  const ShippingTime time =
      ship_timed(store.directory, "loki+http://" + recorder.address() + "?name=recorded");
  require(time.events == store.events, "not all events were shipped");
  require(count_entries(recorder.bodies()) == store.events, "the bodies do not hold all events");
  std::vector<LoadRound> rounds;
  for (const std::string& body : recorder.bodies()) {
    rounds.push_back(
        {post_request(peer.base + "/loki/api/v1/push", kProtobuf, body), 1, count_entries({body})});
  }
  return rounds;
}

void measure(const BenchOptions& options, const CorpusStore& store,
             const std::vector<LoadRound>& rounds) {
  const Peer peer = peer_of(options.peer);
  std::vector<double> ours;
  std::vector<double> bare;
  std::vector<double> ratios;
  std::vector<double> cpu;
  for (std::size_t turn = 0; turn < options.repetitions; ++turn) {
    const LoadTotals posted =
        run_closed_loop(peer.port, kConnections, rounds, rounds.size(), is_taken);
    const ShippingTime shipped =
        ship_timed(store.directory, fmt::format("{}&name=turn-{}", peer.url, turn));
    require(shipped.events == store.events, "not all events were shipped");
    bare.push_back(static_cast<double>(posted.events) / posted.seconds);
    ours.push_back(rate(shipped));
    ratios.push_back(ours.back() / bare.back());
    cpu.push_back(shipped.cpu_seconds / static_cast<double>(store.events) * 1e6);
  }
  print_row({.what = "Loki sink: events",
             .figure = describe_runs(ours, "events/s"),
             .limit = with_unit(median(bare), "events/s, a bare client"),
             .ratio = median(ratios),
             .bar = "0.9"});
  print_figure("the same: CPU-seconds per million events", fmt::format("{:.2f} s", median(cpu)));
}

void run(const BenchOptions& options) {
  if (options.peer.empty()) give_up("say with --peer where a receiver is: see bench/README.md");
  const Cores cores = pick_cores();
  pin_to_core(cores.server);
  const TempDirectory directory;
  const CorpusStore store =
      make_corpus_store(directory.path() / "data", options.amount(1'000'000, 50'000));
  print_memory_of_sink(options, store, "Loki sink", peer_of(options.peer).url);
  measure(options, store, record_pushes(store, peer_of(options.peer)));
}

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) {
  tally::bench::run(tally::bench::parse_bench_options(
      argc, argv, "Shipping to Loki, against a bare client with prepared bodies."));
}
