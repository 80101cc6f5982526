#include "tests/net/test_server.h"

#include <charconv>
#include <stdexcept>

namespace tally::net {
namespace {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return "OTHER";
}

std::string echo(const Request& request) {
  std::string text(name_of(request.method));
  text += ' ';
  text += request.path;
  if (!request.query.empty()) text.append("?").append(request.query);
  text += ' ';
  text.append(request.body.data(), request.body.size());
  return text;
}

class EchoHandler final : public Handler {
 public:
  EchoHandler(IoThread& thread, HeldReplies& held) : thread_(thread), held_(held) {}

  void handle(const Request& request, Reply reply) override {
    const std::string text = echo(request);
    // A handler may write on its body and the padding: nobody else may notice.
    for (std::size_t i = 0; i < request.body.size() + kBodyPadding; ++i) {
      request.body.data()[i] = '#';
    }
    if (request.path.starts_with("/held/")) {
      return held_.hold(thread_, std::string(request.path), std::move(reply));
    }
    if (request.path == "/big") {
      std::size_t bytes = 0;
      std::from_chars(request.query.data(), request.query.data() + request.query.size(), bytes);
      return reply.send({.content_type = "text/plain", .body = std::string(bytes, 'x')});
    }
    if (request.path == "/nothing") return reply.send({.status = 204});
    if (request.path == "/forgotten") return;
    if (request.path == "/throws") throw std::runtime_error("no handler of ours does so");
    reply.send({.content_type = "text/plain", .body = text});
  }

 private:
  IoThread& thread_;
  HeldReplies& held_;
};

}  // namespace

void HeldReplies::hold(IoThread& thread, std::string path, Reply reply) {
  const std::lock_guard lock(mutex_);
  held_.push_back({&thread, std::move(path), std::make_shared<Reply>(std::move(reply))});
  changed_.notify_all();
}

void HeldReplies::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return held_.size() >= count; });
}

HeldReplies::Held HeldReplies::take(const std::string& path) {
  const std::lock_guard lock(mutex_);
  for (Held& held : held_) {
    if (held.path == path && held.reply != nullptr) return std::exchange(held, {nullptr, {}, {}});
  }
  ADD_FAILURE() << path << " is not held";
  return {};
}

void HeldReplies::answer(const std::string& path) {
  Held held = take(path);
  if (held.thread == nullptr) return;
  held.thread->post([path, reply = std::move(held.reply)] {
    reply->send({.content_type = "text/plain", .body = "held " + path});
  });
}

void HeldReplies::abort(const std::string& path) {
  Held held = take(path);
  if (held.thread == nullptr) return;
  held.thread->post([reply = std::move(held.reply)] { reply->abort(); });
}

TestServer::TestServer(HttpServerOptions options)
    : now_(std::make_shared<std::atomic<SteadyTime>>(std::chrono::steady_clock::now())) {
  options.address = "127.0.0.1:0";
  options.now = [now = now_] { return now->load(); };
  auto started = HttpServer::start(std::move(options), [this](IoThread& thread) {
    return std::make_unique<EchoHandler>(thread, held);
  });
  if (!started) {
    ADD_FAILURE() << to_string(started.error());
    return;
  }
  server_ = std::move(started).value();
}

void TestServer::pass(std::chrono::seconds time) {
  now_->store(now_->load() + time);
  server_->sweep_deadlines();
}

std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

}  // namespace tally::net
