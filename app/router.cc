#include "app/router.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "model/nearest_name.h"

namespace tally::app {

namespace {

constexpr std::string_view kEvents = "/v1/events";
constexpr std::array<std::string_view, 4> kPages = {"/", "/healthz", "/readyz", "/metrics"};
constexpr std::array<std::string_view, 6> kPaths = {"/",        "/healthz", "/readyz",
                                                    "/metrics", kEvents,    kSealPath};

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
constexpr std::string_view kMetricsText = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view kFrontPage =
    "Tally, the audit log of container operations: POST events to /v1/events, read them with tally "
    "query.\n";

void send_text(net::Reply& reply, int status, std::string_view body,
               std::string_view type = kPlainText) {
  net::Response response;
  response.status = status;
  response.content_type = type;
  response.body = body;
  reply.send(response);
}

void refuse_method(net::Reply& reply, std::string_view allowed) {
  const std::string body = "{\"error\":\"this path takes " + std::string(allowed) + "\"}";
  net::Response response;
  response.status = 405;
  response.allow = allowed;
  response.body = body;
  reply.send(response);
}

}  // namespace

Router::Router(std::unique_ptr<ingest::EventReceiver> receiver,
               std::unique_ptr<SealHandler> sealing, const CollectorReadiness& readiness,
               const MetricsPage& metrics)
    : receiver_(std::move(receiver)),
      sealing_(std::move(sealing)),
      readiness_(readiness),
      metrics_(metrics) {}

void Router::handle(const net::Request& request, net::Reply reply) {
  if (request.path == kEvents) {
    if (request.method == net::Method::post) return receiver_->handle(request, std::move(reply));
    return refuse_method(reply, "POST");
  }
  if (request.path == kSealPath) {
    if (request.method == net::Method::post) return sealing_->handle(request, std::move(reply));
    return refuse_method(reply, "POST");
  }
  if (std::ranges::find(kPages, request.path) == kPages.end()) {
    const std::string hint = "there is nothing at this path; the nearest is " +
                             std::string(nearest_name(request.path, kPaths));
    return reply.send_error(404, hint);
  }
  if (request.method != net::Method::get && request.method != net::Method::head) {
    return refuse_method(reply, "GET, HEAD");
  }
  answer_page(request, std::move(reply));
}

void Router::answer_page(const net::Request& request, net::Reply reply) const {
  if (request.path == "/healthz") return send_text(reply, 200, "alive\n");
  if (request.path == "/metrics") return send_text(reply, 200, metrics_.render(), kMetricsText);
  if (request.path == "/") return send_text(reply, 200, kFrontPage);
  const std::string_view obstacle = readiness_.obstacle();
  if (obstacle.empty()) return send_text(reply, 200, "ready\n");
  send_text(reply, 503, std::string(obstacle) + "\n");
}

}  // namespace tally::app
