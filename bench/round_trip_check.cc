#include "bench/round_trip_check.h"

#include "bench/collector_process.h"
#include "bench/parsed_answer.h"
#include "bench/require.h"
#include "bench/temp_directory.h"

namespace tally::bench {
namespace {

// Remembers which body was acknowledged where: the answers of a round come in its order.
class AnswerLog {
 public:
  explicit AnswerLog(const std::vector<LoadRound>& rounds) : rounds_(rounds) {
    std::size_t body = 0;
    for (const LoadRound& round : rounds) {
      next_body_.push_back(body);
      body += round.requests;
    }
  }

  bool take(const LoadRound& round, const HttpAnswer& answer) {
    if (!is_accepted(round, answer)) return false;
    const auto index = static_cast<std::size_t>(&round - rounds_.data());
    acknowledged_.push_back(
        {.body = next_body_[index]++, .first_seq = parse_answer(answer.body)->first_seq});
    return true;
  }

  std::vector<Acknowledged> acknowledged() && { return std::move(acknowledged_); }

 private:
  const std::vector<LoadRound>& rounds_;
  std::vector<std::size_t> next_body_;  // by round
  std::vector<Acknowledged> acknowledged_;
};

}  // namespace

bool is_accepted(const LoadRound& round, const HttpAnswer& answer) {
  const auto parsed = parse_answer(answer.body);
  return answer.status == 200 && parsed && parsed->accepted == round.events / round.requests;
}

void check_round_trip(const BenchOptions& options, std::size_t connections,
                      const std::vector<LoadRound>& rounds, const std::vector<PostedBody>& bodies) {
  const TempDirectory directory;
  const std::filesystem::path data = directory.path() / "data";
  CollectorProcess collector({.program = options.tally, .directory = data});
  collector.start();
  AnswerLog log(rounds);
  run_closed_loop(
      collector.port(), connections, rounds, rounds.size(),
      [&](const LoadRound& round, const HttpAnswer& answer) { return log.take(round, answer); });
  require(collector.stop() == 0, "the collector did not stop cleanly");
  const StoreFindings findings =
      require(check_store(data, bodies, std::move(log).acknowledged()), "what is stored");
  require(findings.acknowledged_requests == bodies.size() && findings.survivors == 0,
          "the store holds something else than what was posted");
}

}  // namespace tally::bench
