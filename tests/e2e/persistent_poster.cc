#include "tests/e2e/persistent_poster.h"

#include <poll.h>

#include "bench/blocking_client.h"
#include "bench/parsed_answer.h"
#include "bench/require.h"

namespace tally::e2e {
namespace {

// Between two looks whether the collector is back.
constexpr int kRetryMilliseconds = 2;

enum class Outcome { acknowledged, unanswered, refused };

// What became of one attempt; first_seq is set if it was acknowledged.
Outcome attempt(bench::BlockingClient& client, const PreparedPost& post, std::uint64_t& first_seq) {
  const auto answer = client.exchange(post.bytes);
  if (!answer) return Outcome::unanswered;
  if (answer->status == 503) return Outcome::refused;
  const auto parsed = bench::parse_answer(answer->body);
  bench::require(answer->status == 200 && parsed && parsed->accepted == post.events,
                 "wrong answer: " + std::string(answer->body.substr(0, 200)));
  first_seq = parsed->first_seq;
  return Outcome::acknowledged;
}

void post_until_acknowledged(bench::BlockingClient& client, const PreparedPost& post,
                             std::size_t index, PostLedger& ledger) {
  for (;;) {
    std::uint64_t first_seq = 0;
    if (client.connect()) {
      switch (attempt(client, post, first_seq)) {
        case Outcome::acknowledged:
          return ledger.acknowledge(index, first_seq, post.events);
        case Outcome::unanswered:
          ledger.leave_unanswered(index);
          break;
        case Outcome::refused:
          ledger.refuse();
          break;
      }
    }
    ::poll(nullptr, 0, kRetryMilliseconds);
  }
}

}  // namespace

void PostLedger::acknowledge(std::size_t post, std::uint64_t first_seq, std::uint64_t events) {
  const std::lock_guard lock(mutex_);
  acknowledged_.push_back({.body = post, .first_seq = first_seq});
  acknowledged_events_ += events;
  progress_.notify_all();
}

void PostLedger::leave_unanswered(std::size_t post) {
  const std::lock_guard lock(mutex_);
  unanswered_by_post_[post] += 1;
}

void PostLedger::refuse() {
  const std::lock_guard lock(mutex_);
  refusals_ += 1;
}

void PostLedger::wait_for_acknowledged(std::uint64_t events) {
  std::unique_lock lock(mutex_);
  progress_.wait(lock, [&] { return acknowledged_events_ >= events; });
}

void post_persistently(std::uint16_t port, const std::vector<PreparedPost>& posts,
                       std::atomic<std::size_t>& next, PostLedger& ledger) {
  bench::BlockingClient client(port);
  for (std::size_t i = next.fetch_add(1); i < posts.size(); i = next.fetch_add(1)) {
    post_until_acknowledged(client, posts[i], i, ledger);
  }
}

}  // namespace tally::e2e
