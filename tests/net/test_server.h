#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_server.h"
#include "tests/net/raw_peer.h"

namespace tally::net {

/// Answers of requests that a test holds back, and gives in the order that it likes. Thread-safe.
class HeldReplies {
 public:
  void hold(IoThread& thread, std::string path, Reply reply);

  /// Waits until `count` are held in all.
  void wait_for(std::size_t count);

  /// Answers the request on `path` with "held PATH", on its thread. abort() closes instead.
  void answer(const std::string& path);
  void abort(const std::string& path);

 private:
  struct Held {
    IoThread* thread;
    std::string path;
    std::shared_ptr<Reply> reply;
  };

  Held take(const std::string& path);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Held> held_;
};

/// A running server on a free loopback port, whose handler echoes: the body is
/// "METHOD PATH?QUERY BODY". Paths under /held/ wait in `held`; /big answers "bytes" times 'x'.
class TestServer {
 public:
  explicit TestServer(HttpServerOptions options = {});

  HttpServer& server() { return *server_; }
  RawPeer connect() { return RawPeer(server_->address()); }

  /// Moves the deadlines' clock on and has the server look at it.
  void pass(std::chrono::seconds time);

  HeldReplies held;

 private:
  std::shared_ptr<std::atomic<SteadyTime>> now_;
  std::unique_ptr<HttpServer> server_;
};

/// "POST PATH" with a Host header and `body`, whole.
std::string post(std::string_view path, std::string_view body);
std::string get(std::string_view path);

}  // namespace tally::net
