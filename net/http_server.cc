#include "net/http_server.h"

#include <chrono>
#include <utility>

#include "model/check.h"
#include "net/accept_loop.h"
#include "net/http_thread.h"
#include "net/io_threads.h"
#include "net/listen_address.h"
#include "net/spawn.h"

namespace tally::net {
namespace {

Result<void> check(const HttpServerOptions& options) {
  const auto invalid = [](const char* what) { return Error{Errc::invalid, what}; };
  if (options.threads == 0) return invalid("at least one I/O thread is needed");
  if (options.connections_max == 0) return invalid("at least one connection must be allowed");
  if (options.head_bytes_max > HttpThread::kScratchBytes / 2) {
    return invalid("a request's head may have at most 64 KiB");
  }
  if (options.body_budget_bytes < options.body_bytes_max) {
    return invalid("the byte budget for bodies is smaller than one body may be");
  }
  return ok();
}

}  // namespace

// Members are destroyed from the last to the first: the parts of a thread before its loop.
struct HttpServer::Parts {
  Parts(HttpServerOptions&& options, const std::string& host)
      : shared(std::move(options), host, [this] { accept_loop->connection_ended(); }) {}

  HttpShared shared;
  Gate accepting{[] {}};
  std::string address;
  IoThreads io{shared.options.threads};
  std::vector<std::unique_ptr<HttpThread>> threads;
  std::unique_ptr<AcceptLoop> accept_loop;
  bool stopped = false;
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options,
                                                      const HandlerFactory& factory) {
  TALLY_TRY(check(options));
  TALLY_TRY(const Tcp::endpoint endpoint, parse_listen_address(options.address));
  auto parts = std::make_unique<Parts>(std::move(options), endpoint.address().to_string());
  const auto& io = parts->io.threads();
  TALLY_TRY(Acceptor acceptor, listen(endpoint, io.front()->context().get_executor()));
  parts->address = to_string(acceptor.local_endpoint());

  std::vector<HttpThread*> threads;
  for (const std::unique_ptr<IoThread>& thread : io) {
    parts->threads.push_back(std::make_unique<HttpThread>(parts->shared, *thread));
    parts->threads.back()->set_handler(factory(*thread));
    threads.push_back(parts->threads.back().get());
  }
  parts->accept_loop =
      std::make_unique<AcceptLoop>(std::move(acceptor), std::move(threads), parts->shared.gate,
                                   parts->shared.options.connections_max);
  spawn(*io.front(), parts->accept_loop->run(), parts->accepting);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpServer::~HttpServer() { stop(); }

void HttpServer::stop() {
  if (std::exchange(parts_->stopped, true)) return;
  // The loop first: once it has ended, each thread's queue holds its sessions before our pieces.
  parts_->io.threads().front()->post([this] { parts_->accept_loop->stop(); });
  parts_->accepting.wait_empty();
  for (const auto& thread : parts_->threads) {
    thread->io().post([&thread = *thread] { thread.drain(); });
  }
  if (!parts_->shared.gate.wait_empty(parts_->shared.options.drain_limit)) {
    for (const auto& thread : parts_->threads) {
      thread->io().post([&thread = *thread] { thread.close_all(); });
    }
    parts_->shared.gate.wait_empty();
  }
  parts_->io.stop();
  for (const auto& thread : parts_->threads) thread->set_handler(nullptr);
}

const std::string& HttpServer::address() const noexcept { return parts_->address; }

void HttpServer::sweep_deadlines() {
  for (const auto& thread : parts_->threads) {
    thread->io().post([&thread = *thread] { thread.sweep(); });
  }
}

HttpStats HttpServer::stats() const {
  HttpStats stats;
  for (const auto& thread : parts_->threads) {
    const HttpCounters& counters = thread->counters();
    for (std::size_t i = 0; i < stats.responses.size(); ++i) {
      stats.responses[i] += counters.responses[i].get();
    }
    stats.bytes_received += counters.bytes_received.get();
    stats.bytes_sent += counters.bytes_sent.get();
    stats.refused_by_limit += counters.refused_by_limit.get();
    stats.refused_by_origin += counters.refused_by_origin.get();
    stats.malformed += counters.malformed.get();
    stats.deadlines_expired += counters.deadlines_expired.get();
    stats.aborted += counters.aborted.get();
  }
  stats.connections_open = parts_->shared.gate.inside();
  stats.connections_accepted = parts_->shared.gate.entered_total();
  stats.failures = parts_->shared.gate.failed_total();
  stats.body_bytes_reserved = parts_->shared.budget.reserved();
  return stats;
}

}  // namespace tally::net
