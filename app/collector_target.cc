#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

#include "app/event_target.h"
#include "net/http_client.h"
#include "net/url.h"

namespace tally::app {

namespace {

// How often a post is repeated that the collector had no room for, and how long apart at most.
constexpr int kAttemptsMax = 30;
constexpr std::chrono::seconds kPauseMax{10};

std::string_view content_type(ingest::BodyForm form) {
  return form == ingest::BodyForm::ndjson ? "application/x-ndjson" : "application/json";
}

bool try_again_later(const net::ClientResponse& response) {
  return response.status == 429 || response.status == 503;
}

class CollectorTarget final : public EventTarget {
 public:
  CollectorTarget(const net::Url& url, net::HttpClient client)
      : name_("the collector at http://" + net::authority(url) + url.base),
        client_(std::move(client)) {}

  Result<ingest::PostAnswer> write(std::span<char> body, ingest::BodyForm form,
                                   const EventOrigin&) override {
    const std::string_view bytes(body.data(), body.size());
    TALLY_TRY(auto response, client_.post("/v1/events", content_type(form), bytes));
    for (int attempt = 1; try_again_later(response) && attempt < kAttemptsMax; ++attempt) {
      const auto asked = response.retry_after.value_or(std::chrono::seconds(1));
      std::this_thread::sleep_for(std::clamp(asked, std::chrono::seconds(1), kPauseMax));
      TALLY_TRY(response, client_.post("/v1/events", content_type(form), bytes));
    }
    auto answer = ingest::read_post_answer(response.body);
    if (answer && answer.value().error.empty()) return answer;
    return Error{Errc::io, name_ + " answered " + std::to_string(response.status) + ": " +
                               (answer ? answer.value().error : answer.error().context)};
  }

  const std::string& name() const noexcept override { return name_; }

 private:
  const std::string name_;
  net::HttpClient client_;
};

}  // namespace

Result<std::unique_ptr<EventTarget>> open_collector_target(const std::string& url) {
  TALLY_TRY(const auto parsed, net::Url::parse(url));
  TALLY_TRY(auto client, net::HttpClient::connect(parsed, net::ClientTimeouts{}));
  return std::make_unique<CollectorTarget>(parsed, std::move(client));
}

}  // namespace tally::app
