#include "tests/monitoring/watched_collector.h"

#include "net/http_client.h"
#include "tests/support/patience.h"
#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

/// rate() needs two samples; what the collector tells some moments late should be there, too.
constexpr double kLooks = 5;

}  // namespace

std::unique_ptr<WatchedCollector::Parts> WatchedCollector::parts_;

void WatchedCollector::SetUpTestSuite() {
  parts_ = std::make_unique<Parts>();
  start_collector();
  post_events();
  parts().prometheus = std::make_unique<PrometheusServer>(parts().collector->port());
  wait_until([] {
    const auto looks = prometheus().query(R"(count_over_time(tally_sink_events_total[1m]))");
    return !looks.empty() && looks.front().value >= kLooks;
  });
}

void WatchedCollector::TearDownTestSuite() { parts_.reset(); }

WatchedCollector::Parts& WatchedCollector::parts() { return *parts_; }

std::string WatchedCollector::instance() {
  return "127.0.0.1:" + std::to_string(parts().collector->port());
}

void WatchedCollector::start_collector() {
  const std::filesystem::path directory = parts().directory.path();
  const auto arrived = "file://" + (directory / "out").string() + "?name=files&linger_ms=0";
  parts().collector = std::make_unique<bench::CollectorProcess>(bench::CollectorOptions{
      .program = TALLY_PROGRAM,
      .directory = directory / "store",
      .arguments = {"--ship", arrived, "--ship", "loki+http://127.0.0.1:1?name=loki", "--ship",
                    "kafka://127.0.0.1:1/audit?name=kafka", "--consume",
                    "kafka://127.0.0.1:1/audit"}});
  parts().collector->start();
}

void WatchedCollector::post_events() {
  const auto url = net::Url::parse("http://127.0.0.1:" + std::to_string(parts().collector->port()));
  auto client = net::HttpClient::connect(url.value(), {});
  ASSERT_TRUE(client) << client.error().context;
  for (std::uint64_t i = 1; i <= kEvents; ++i) {
    const auto answer = client.value().post("/v1/events", "application/json", event_line(i));
    ASSERT_TRUE(answer) << answer.error().context;
    ASSERT_EQ(answer.value().status, 200) << answer.value().body;
  }
  // What retention knows of sinks it looks up when something is sealed.
  ASSERT_EQ(client.value().post("/v1/admin/seal", "", "").value().status, 200);
}

}  // namespace tally::tests
