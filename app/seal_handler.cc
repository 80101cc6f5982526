#include "app/seal_handler.h"

#include <chrono>
#include <iterator>
#include <string>
#include <utility>

namespace tally::app {
namespace {

constexpr std::chrono::seconds kRetryAfter{10};

bool is_loopback(std::string_view peer) { return peer == "::1" || peer.starts_with("127."); }

void answer(net::Reply& reply, const Result<void>& sealed, const store::SealStats& stats) {
  if (sealed) {
    const std::string body = "{\"segments\":" + std::to_string(stats.segments) +
                             ",\"bytes\":" + std::to_string(stats.segment_bytes) + "}";
    return reply.send({.body = body});
  }
  if (sealed.error().code == Errc::corruption) return reply.send_error(500, sealed.error().context);
  reply.send_error(503, sealed.error().context, kRetryAfter);
}

}  // namespace

SealHandler::SealHandler(net::IoThread& thread, store::Store& store)
    : thread_(thread), store_(store) {}

void SealHandler::handle(const net::Request& request, net::Reply reply) {
  if (!is_loopback(request.peer)) {
    return reply.send_error(403, "only this machine may ask for that");
  }
  waiting_.push_back(std::move(reply));
  const auto place = std::prev(waiting_.end());
  store_.seal([this, place](const Result<void>& sealed) {
    // On a thread of the store, which hands the answer over by the post.
    thread_.post([this, place, sealed] {
      answer(*place, sealed, store_.stats().seal);
      waiting_.erase(place);
    });
  });
}

}  // namespace tally::app
