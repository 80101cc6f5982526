#include "shipper/loki/loki_sender.h"

#include <utility>

namespace tally::shipper {
namespace {

using Clock = std::chrono::steady_clock;

/// A connection that rests for longer may be closed by then, and a request that meets the end of it
/// looks like one that failed.
constexpr std::chrono::seconds kRestMax{10};

constexpr std::chrono::seconds kConnectTimeout{5};

}  // namespace

Result<void> LokiSender::connect() {
  if (client_ && client_->connected() && Clock::now() - used_ < kRestMax) return ok();
  client_.reset();
  TALLY_TRY(auto headers, credential_headers(options_->credentials));
  net::ClientPeer peer{.name = "Loki",
                       .advice = ": is Loki running there?",
                       .headers = std::move(headers),
                       .ca_file = options_->ca_file,
                       .stop = stop_};
  TALLY_TRY(client_,
            net::HttpClient::connect(
                options_->url, {.connect = kConnectTimeout, .answer = options_->answer_timeout},
                std::move(peer)));
  return ok();
}

LokiAnswer LokiSender::push(const std::string& body, std::string_view type,
                            std::string_view encoding) {
  LokiAnswer answer;
  if (const auto connected = connect(); !connected) {
    answer.reason = connected.error().context;
    return answer;
  }
  const auto response = client_->post("/loki/api/v1/push", type, body, encoding);
  used_ = Clock::now();
  if (response) return read_answer(response.value());
  answer.reason = response.error().context;
  return answer;
}

Result<net::ClientResponse> LokiSender::get(std::string_view path) {
  TALLY_TRY(connect());
  auto response = client_->get(path);
  used_ = Clock::now();
  return response;
}

}  // namespace tally::shipper
