#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/time.h"
#include "net/http_server.h"
#include "tests/shipper/loki_rules.h"

namespace tally::shipper {

/// Answers that a test wants instead of what is right. Nothing is stored then.
struct CannedAnswer {
  int status = 0;  ///< 0: the connection is closed without an answer
  std::string body;
  std::optional<std::chrono::seconds> retry_after;
};

/// A real HTTP server that takes pushes as Loki does: the real protobuf (or JSON) in, Loki's rules,
/// Loki's status codes and words out. Records all, and answers query_range (LokiQuery). Public
/// functions from any thread.
class LokiReceiver {
 public:
  explicit LokiReceiver(const LokiRules& rules = {});
  ~LokiReceiver();
  LokiReceiver(const LokiReceiver&) = delete;
  LokiReceiver& operator=(const LokiReceiver&) = delete;

  /// "127.0.0.1:PORT"
  const std::string& address() const { return server_->address(); }

  /// The next requests, queries too, get these answers, one each.
  void answer_next(const std::vector<CannedAnswer>& answers);

  /// From now on these hold, for what comes in.
  void set_rules(const LokiRules& rules);

  /// All requests get this answer, until they are to get the right ones again.
  void answer_all(std::optional<CannedAnswer> answer);

  /// Loses the entries with one of these in their "seq".
  void lose(const std::set<std::uint64_t>& sequences);

  /// From now on requests wait for let_go(), which answers those that wait and may end the waiting.
  void hold();
  void wait_for_held(std::size_t count);
  void let_go(bool and_hold_on);

  /// What happened.
  std::vector<StoredEntry> entries() const;
  std::vector<std::string> bodies() const;  ///< as they came, also those with canned answers
  std::vector<int> statuses() const;
  std::size_t most_at_once() const;

  /// How many entries came in requests that were stored, those included that it had already.
  std::uint64_t taken() const;

  /// How often each "seq" is stored.
  std::map<std::uint64_t, std::size_t> sequences() const;

 private:
  class PushHandler;
  struct Waiting {
    net::IoThread* thread;
    std::function<void()> answer;
  };

  CannedAnswer answer_query(std::string_view query);
  CannedAnswer take(std::string_view type, std::string_view body);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  LokiStreams streams_;
  std::deque<CannedAnswer> canned_;
  std::optional<CannedAnswer> of_all_;
  std::vector<std::string> bodies_;
  std::vector<int> statuses_;
  bool hold_ = false;
  std::vector<Waiting> waiting_;
  std::size_t most_at_once_ = 0;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace tally::shipper
