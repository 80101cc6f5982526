#include "bench/http_load.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <deque>
#include <memory>

#include "bench/cpu.h"
#include "bench/poisson_arrivals.h"
#include "bench/require.h"

namespace tally::bench {
namespace {

constexpr double kAnswerTimeout = 30;  // seconds

// The connections of a load and the epoll that tells which of them can go on.
class ConnectionPool {
 public:
  ConnectionPool(std::uint16_t port, std::size_t count) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    require(epoll_ >= 0, "epoll_create1");
    for (std::size_t i = 0; i < count; ++i) {
      connections_.push_back(std::make_unique<LoadConnection>(port));
      epoll_event event{};
      event.events = EPOLLIN | EPOLLOUT | EPOLLET;
      event.data.u64 = i;
      require(::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_.back()->socket(), &event) == 0,
              "epoll_ctl");
    }
  }
  ~ConnectionPool() { ::close(epoll_); }
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  std::size_t size() const noexcept { return connections_.size(); }
  LoadConnection& at(std::size_t index) noexcept { return *connections_[index]; }

  // Calls `ready` with the index of each connection on which something may have happened, within
  // `seconds` at most.
  template <class Ready>
  int wait(double seconds, Ready&& ready) {
    std::array<epoll_event, 256> events;
    const auto whole = static_cast<std::time_t>(seconds);
    const timespec timeout{whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
    const int count =
        ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
    for (int i = 0; i < count; ++i)
      ready(static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64));
    return count;
  }

 private:
  int epoll_;
  std::vector<std::unique_ptr<LoadConnection>> connections_;
};

void answer_once(ConnectionPool& pool, const LoadRound& round, const AnswerCheck& check) {
  std::size_t answered = 0;
  for (std::size_t i = 0; i < pool.size(); ++i) pool.at(i).start(round);
  std::vector<bool> done(pool.size(), false);
  while (answered < pool.size()) {
    const int ready = pool.wait(kAnswerTimeout, [&](std::size_t index) {
      if (done[index] || !pool.at(index).advance(check)) return;
      done[index] = true;
      ++answered;
    });
    require(ready > 0, "no answer in time");
  }
}

}  // namespace

LoadTotals run_closed_loop(std::uint16_t port, std::size_t connections,
                           const std::vector<LoadRound>& rounds, std::uint64_t rounds_total,
                           const AnswerCheck& check) {
  ConnectionPool pool(port, connections);
  std::vector<const LoadRound*> current(connections, nullptr);
  std::uint64_t started = 0;
  std::uint64_t answered = 0;
  LoadTotals totals;
  const auto begin_next = [&](std::size_t index) {
    current[index] = nullptr;
    if (started == rounds_total) return;
    current[index] = &rounds[started++ % rounds.size()];
    pool.at(index).start(*current[index]);
  };

  const double before = wall_seconds();
  for (std::size_t i = 0; i < connections; ++i) begin_next(i);
  while (answered < rounds_total) {
    const int ready = pool.wait(kAnswerTimeout, [&](std::size_t index) {
      if (current[index] == nullptr || !pool.at(index).advance(check)) return;
      totals.requests += current[index]->requests;
      totals.events += current[index]->events;
      ++answered;
      begin_next(index);
    });
    require(ready > 0, "no answer in time");
  }
  totals.seconds = wall_seconds() - before;
  return totals;
}

std::vector<double> run_open_loop(std::uint16_t port, std::size_t connections,
                                  const std::vector<LoadRound>& rounds, std::uint64_t rounds_total,
                                  double rounds_per_second, const AnswerCheck& check) {
  ConnectionPool pool(port, connections);
  std::vector<double> due_at(connections, 0);  // of the round under way; 0: none is
  std::vector<std::size_t> idle;
  for (std::size_t i = connections; i-- > 0;) idle.push_back(i);
  std::deque<double> waiting;
  std::vector<double> latencies;
  std::uint64_t started = 0;
  std::uint64_t arrived = 0;

  // The kernel would round each pause up by 50 microseconds otherwise.
  require(::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL) == 0, "prctl(PR_SET_TIMERSLACK)");
  // Otherwise the first posts would wait until all connections have been accepted.
  answer_once(pool, rounds.front(), check);
  const double begin = wall_seconds();
  PoissonArrivals arrivals(begin, rounds_per_second);
  const double deadline = begin + 30 + 2 * static_cast<double>(rounds_total) / rounds_per_second;
  while (latencies.size() < rounds_total) {
    const double now = wall_seconds();
    require(now < deadline, "the server does not keep up with half of its own rate");
    for (; arrived < rounds_total && arrivals.next() <= now; ++arrived) {
      waiting.push_back(arrivals.next());
      arrivals.advance();
    }
    for (; !waiting.empty() && !idle.empty(); waiting.pop_front(), idle.pop_back()) {
      due_at[idle.back()] = waiting.front();
      pool.at(idle.back()).start(rounds[started++ % rounds.size()]);
    }
    // Sleeps, since a core that spins may cost the server's core its share of the host.
    const double pause = arrived < rounds_total ? arrivals.next() - wall_seconds() : kAnswerTimeout;
    pool.wait(std::max(pause, 0.0), [&](std::size_t index) {
      if (due_at[index] == 0 || !pool.at(index).advance(check)) return;
      latencies.push_back(wall_seconds() - due_at[index]);
      due_at[index] = 0;
      idle.push_back(index);
    });
  }
  return latencies;
}

}  // namespace tally::bench
