#include "bench/push_recorder.h"

#include <snappy.h>

#include "bench/require.h"
#include "shipper/loki/loki_push.pb.h"

namespace tally::bench {

class PushRecorder::Recording final : public net::Handler {
 public:
  explicit Recording(PushRecorder& recorder) : recorder_(recorder) {}

  void handle(const net::Request& request, net::Reply reply) override {
    {
      const std::lock_guard lock(recorder_.mutex_);
      recorder_.bodies_.emplace_back(request.body.data(), request.body.size());
    }
    reply.send({.status = 204});
  }

 private:
  PushRecorder& recorder_;
};

PushRecorder::PushRecorder() {
  net::HttpServerOptions options;
  options.address = "127.0.0.1:0";
  server_ = require(
      net::HttpServer::start(std::move(options),
                             [this](net::IoThread&) { return std::make_unique<Recording>(*this); }),
      "start a server");
}

PushRecorder::~PushRecorder() { server_->stop(); }

std::vector<std::string> PushRecorder::bodies() const {
  const std::lock_guard lock(mutex_);
  return bodies_;
}

std::uint64_t count_entries(const std::vector<std::string>& bodies) {
  std::uint64_t entries = 0;
  for (const std::string& body : bodies) {
    std::string plain;
    shipper::pb::PushRequest request;
    require(snappy::Uncompress(body.data(), body.size(), &plain) && request.ParseFromString(plain),
            "a body cannot be decoded");
    for (const auto& stream : request.streams()) {
      entries += static_cast<std::uint64_t>(stream.entries_size());
    }
  }
  return entries;
}

}  // namespace tally::bench
