#include "tests/shipper/loki_receiver.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/shipper/loki_query.h"

namespace tally::shipper {
namespace {

void send(net::Reply& reply, const CannedAnswer& answer) {
  if (answer.status == 0) return reply.abort();
  reply.send({.status = answer.status,
              .content_type = "text/plain",
              .body = answer.body,
              .retry_after = answer.retry_after});
}

}  // namespace

class LokiReceiver::PushHandler final : public net::Handler {
 public:
  PushHandler(net::IoThread& thread, LokiReceiver& receiver)
      : thread_(thread), receiver_(receiver) {}

  void handle(const net::Request& request, net::Reply reply) override {
    if (request.path == "/loki/api/v1/query_range") {
      const std::lock_guard lock(receiver_.mutex_);
      return send(reply, receiver_.answer_query(request.query));
    }
    if (request.path != "/loki/api/v1/push") return reply.send({.status = 404});
    const std::string_view body(request.body.data(), request.body.size());
    const std::lock_guard lock(receiver_.mutex_);
    const CannedAnswer answer = receiver_.take(request.content_type, body);
    if (!receiver_.hold_) return send(reply, answer);
    // Shared, because a std::function has to be one that could be copied.
    auto held = std::make_shared<net::Reply>(std::move(reply));
    receiver_.waiting_.push_back({&thread_, [held, answer] { send(*held, answer); }});
    receiver_.most_at_once_ = std::max(receiver_.most_at_once_, receiver_.waiting_.size());
    receiver_.changed_.notify_all();
  }

 private:
  net::IoThread& thread_;
  LokiReceiver& receiver_;
};

LokiReceiver::LokiReceiver(const LokiRules& rules) : streams_(rules) {
  net::HttpServerOptions options;
  options.address = "127.0.0.1:0";
  server_ = net::HttpServer::start(std::move(options), [this](net::IoThread& thread) {
              return std::make_unique<PushHandler>(thread, *this);
            }).value();
}

LokiReceiver::~LokiReceiver() {
  let_go(false);
  server_->stop();
}

CannedAnswer LokiReceiver::answer_query(std::string_view query) {
  if (!canned_.empty()) {
    CannedAnswer answer = std::move(canned_.front());
    canned_.pop_front();
    return answer;
  }
  if (of_all_) return *of_all_;
  const auto read = LokiQuery::read(query);
  if (!read) return {400, "parse error", {}};
  return {200, read->answer(streams_.entries()), {}};
}

CannedAnswer LokiReceiver::take(std::string_view type, std::string_view body) {
  bodies_.emplace_back(body);
  CannedAnswer answer{204, "", {}};
  if (!canned_.empty()) {
    answer = canned_.front();
    canned_.pop_front();
  } else if (of_all_) {
    answer = *of_all_;
  } else if (body.size() > streams_.rules().max_body) {
    answer = {413, "request body too large", {}};
  } else if (const auto push = decode_push(type, body); !push) {
    answer = {400, "unexpected EOF", {}};
  } else if (push->streams.empty()) {
    answer = {422, "error at least one valid stream is required for ingestion", {}};
  } else if (const std::string error = streams_.push(*push); !error.empty()) {
    answer = {400, error, {}};
  }
  statuses_.push_back(answer.status);
  return answer;
}

void LokiReceiver::answer_next(const std::vector<CannedAnswer>& answers) {
  const std::lock_guard lock(mutex_);
  canned_.insert(canned_.end(), answers.begin(), answers.end());
}

void LokiReceiver::set_rules(const LokiRules& rules) {
  const std::lock_guard lock(mutex_);
  streams_.set_rules(rules);
}

void LokiReceiver::answer_all(std::optional<CannedAnswer> answer) {
  const std::lock_guard lock(mutex_);
  of_all_ = std::move(answer);
}

void LokiReceiver::lose(const std::set<std::uint64_t>& sequences) {
  const std::lock_guard lock(mutex_);
  streams_.lose(sequences);
}

void LokiReceiver::hold() {
  const std::lock_guard lock(mutex_);
  hold_ = true;
}

void LokiReceiver::wait_for_held(std::size_t count) {
  std::unique_lock lock(mutex_);
  const bool came =
      changed_.wait_for(lock, std::chrono::seconds(30), [&] { return waiting_.size() >= count; });
  EXPECT_TRUE(came) << waiting_.size() << " requests wait, not " << count;
}

void LokiReceiver::let_go(bool and_hold_on) {
  const std::lock_guard lock(mutex_);
  hold_ = and_hold_on;
  for (Waiting& waiting : waiting_) waiting.thread->post(std::move(waiting.answer));
  waiting_.clear();
}

std::vector<StoredEntry> LokiReceiver::entries() const {
  const std::lock_guard lock(mutex_);
  return streams_.entries();
}

std::vector<std::string> LokiReceiver::bodies() const {
  const std::lock_guard lock(mutex_);
  return bodies_;
}

std::vector<int> LokiReceiver::statuses() const {
  const std::lock_guard lock(mutex_);
  return statuses_;
}

std::size_t LokiReceiver::most_at_once() const {
  const std::lock_guard lock(mutex_);
  return most_at_once_;
}

std::uint64_t LokiReceiver::taken() const {
  const std::lock_guard lock(mutex_);
  return streams_.taken();
}

std::map<std::uint64_t, std::size_t> LokiReceiver::sequences() const {
  std::map<std::uint64_t, std::size_t> counts;
  for (const StoredEntry& entry : entries()) ++counts[entry.sequence()];
  return counts;
}

}  // namespace tally::shipper
