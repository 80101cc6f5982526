#include <fmt/format.h>
#include <poll.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <numeric>
#include <random>
#include <thread>

#include "bench/blocking_client.h"
#include "bench/collector_process.h"
#include "bench/corpus_frames.h"
#include "bench/random.h"
#include "bench/require.h"
#include "bench/store_check.h"
#include "bench/temp_directory.h"
#include "tests/e2e/persistent_poster.h"

// Posts corpus events in 1 MiB batches while kill -9 hits the collector at random moments. What was
// acknowledged must be found, in order, byte for byte; what was not answered is there whole or not
// at all; nothing else is there.

namespace tally::e2e {
namespace {

constexpr std::size_t kBodyBytes = 1024 * 1024;
constexpr std::size_t kClients = 4;

// A kill comes up to this long after the acknowledgement that triggers it: about the time that a
// body takes to arrive, be committed and answered.
constexpr std::uint64_t kDelayNanosecondsMax = 5'000'000;

struct Plan {
  std::filesystem::path tally = TALLY_PROGRAM;
  std::uint64_t events = 100'000;
  std::size_t kills = 5;
  std::uint64_t seed = std::random_device{}();
};

Plan parse_plan(int argc, char** argv) {
  CLI::App app{"Kills a collector with -9 under load and looks for what it had acknowledged."};
  Plan plan;
  bool full = false;
  app.add_option("--tally", plan.tally, "The tally program to kill")->capture_default_str();
  app.add_option("--events", plan.events, "How many to post")->capture_default_str();
  app.add_option("--kills", plan.kills, "How often")->capture_default_str();
  app.add_option("--seed", plan.seed, "Of the moments to kill at; a random one unless given");
  app.add_flag("--full", full, "One million events and 20 kills");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  if (full) {
    plan.events = 1'000'000;
    plan.kills = 20;
  }
  return plan;
}

// Kills and restarts the collector whenever one of `kills` random numbers of events has been
// acknowledged, a random moment later.
void kill_repeatedly(bench::CollectorProcess& collector, PostLedger& ledger, const Plan& plan) {
  bench::Random random(plan.seed);
  std::vector<std::uint64_t> moments(plan.kills);
  for (std::uint64_t& moment : moments) moment = random.below(plan.events * 95 / 100);
  std::sort(moments.begin(), moments.end());
  for (const std::uint64_t moment : moments) {
    ledger.wait_for_acknowledged(moment);
    const timespec delay{0, static_cast<long>(random.below(kDelayNanosecondsMax))};
    ::ppoll(nullptr, 0, &delay, nullptr);
    collector.kill();
    collector.start();
  }
}

void post_under_kills(bench::CollectorProcess& collector, const std::vector<PreparedPost>& posts,
                      PostLedger& ledger, const Plan& plan) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.emplace_back([&] { post_persistently(collector.port(), posts, next, ledger); });
  }
  kill_repeatedly(collector, ledger, plan);
}

void report(const bench::StoreFindings& found, const PostLedger& ledger, std::size_t posts) {
  const auto& unanswered = ledger.unanswered_by_post();
  bench::require(found.acknowledged_requests == posts, "not every post was acknowledged once");
  for (std::size_t i = 0; i < posts; ++i) {
    bench::require(found.survivors_by_body[i] <= unanswered[i], "a post is stored twice");
  }
  const auto attempts = std::accumulate(unanswered.begin(), unanswered.end(), std::uint64_t{0});
  fmt::print("acknowledged {} requests, {} events: all found, in order, byte for byte\n",
             found.acknowledged_requests, found.acknowledged_events);
  fmt::print("unanswered   {} requests: {} survived whole ({} events), {} are absent\n", attempts,
             found.survivors, found.survivor_events, attempts - found.survivors);
  fmt::print("refused      {} requests with 503\n", ledger.refusals());
  fmt::print("lost         0\n");
  fmt::print("sequences    1 to {}, dense\n", found.events);
}

int run(const Plan& plan) {
  const auto frames = bench::corpus_frames(plan.events, kBodyBytes);
  std::vector<PreparedPost> posts;
  std::vector<bench::PostedBody> bodies;
  for (const bench::CorpusFrame& frame : frames) {
    posts.push_back({bench::post_request("/v1/events", bench::kNdjson, frame.lines), frame.events});
    bodies.push_back({.lines = frame.lines, .events = frame.events});
  }
  fmt::print("seed {}: {} events in {} requests of up to 1 MiB, {} kills\n", plan.seed, plan.events,
             posts.size(), plan.kills);
  std::fflush(stdout);

  const bench::TempDirectory directory;
  bench::CollectorProcess collector(
      {.program = plan.tally, .directory = directory.path() / "data"});
  collector.start();
  PostLedger ledger(posts.size());
  post_under_kills(collector, posts, ledger, plan);
  bench::require(collector.stop() == 0, "the collector did not stop cleanly");

  const auto found = bench::check_store(directory.path() / "data", bodies, ledger.acknowledged());
  if (!found) {
    fmt::print("LOST OR ALTERED: {}\n", to_string(found.error()));
    return 1;
  }
  report(found.value(), ledger, posts.size());
  return 0;
}

}  // namespace
}  // namespace tally::e2e

int main(int argc, char** argv) { return tally::e2e::run(tally::e2e::parse_plan(argc, argv)); }
