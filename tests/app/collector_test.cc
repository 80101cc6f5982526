#include "app/collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <thread>

#include "app/command.h"
#include "app/event_target.h"
#include "net/http_client.h"
#include "store/disk/posix_file_system.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

namespace tally::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A real collector on a port of its own.
class CollectorTest : public ::testing::Test {
 protected:
  CollectorTest() {
    config_.data = (temporary_.path() / "data").string();
    config_.listen = "127.0.0.1:0";
    config_.io_threads = 2;
  }

  // Starts it, or starts it again.
  void start() {
    collector_.reset();
    auto started = Collector::start(files_, clock_, config_);
    ASSERT_TRUE(started) << started.error().context;
    collector_ = std::move(started).value();
    auto client = net::HttpClient::connect(net::Url::parse(collector_->address()).value(), {});
    ASSERT_TRUE(client) << client.error().context;
    client_ = std::make_unique<net::HttpClient>(std::move(client).value());
  }

  net::ClientResponse get(std::string_view path) {
    auto response = client_->get(path);
    EXPECT_TRUE(response) << path;
    return response ? response.value() : net::ClientResponse{};
  }

  tests::TemporaryDirectory temporary_;
  store::PosixFileSystem files_;
  SystemClock clock_;
  Config config_;
  std::unique_ptr<Collector> collector_;
  std::unique_ptr<net::HttpClient> client_;
};

TEST_F(CollectorTest, TakesAnEventAndHasItAfterARestart) {
  start();
  const std::string line = tests::event_line(1);
  const auto response = client_->post("/v1/events", "application/json", line);
  ASSERT_TRUE(response) << response.error().context;
  EXPECT_EQ(response.value().status, 200) << response.value().body;
  EXPECT_THAT(response.value().body, StartsWith("{\"accepted\":1,\"first_seq\":1,\"last_seq\":1"));
  collector_->stop();
  EXPECT_THAT(tests::read_store(files_, config_.data).value().lines, ElementsAre(line));
  start();
  EXPECT_THAT(client_->post("/v1/events", "application/json", line).value().body,
              HasSubstr("\"first_seq\":2"));
}

TEST_F(CollectorTest, SaysThatItLivesAndIsReady) {
  start();
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_THAT(get("/").body, HasSubstr("/v1/events"));
}

TEST_F(CollectorTest, CountsInPrometheusFormat) {
  start();
  ASSERT_TRUE(client_->post("/v1/events", "", tests::event_line(1)));
  const std::string page = get("/metrics").body;
  EXPECT_THAT(page, HasSubstr("tally_ready 1\n"));
  EXPECT_THAT(page, HasSubstr("tally_store_events_total 1\n"));
  EXPECT_THAT(page, HasSubstr("tally_http_responses_total{class=\"2xx\"} 1\n"));
}

/// The names of metrics in a text.
std::set<std::string> metrics_in(const std::string& text) {
  static const std::regex kName("tally_[a-z_]+");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), kName), end; at != end; ++at) {
    names.insert(at->str());
  }
  return names;
}

TEST_F(CollectorTest, HasEveryMetricThatDashboardsAndAlertsAskFor) {
  config_.ship = {"file://" + (temporary_.path() / "out").string()};
  config_.consume = {"kafka://127.0.0.1:1/audit"};  // where nobody listens
  start();
  const auto known = metrics_in(get("/metrics").body);
  for (const char* const name : {"sink-alerts.yaml", "sinks-dashboard.json"}) {
    std::ifstream file(std::string(TALLY_SOURCE_DIR "/deploy/grafana/") + name);
    const auto asked = metrics_in({std::istreambuf_iterator<char>(file), {}});
    EXPECT_FALSE(asked.empty()) << name;
    for (const std::string& metric : asked) EXPECT_TRUE(known.contains(metric)) << metric;
  }
}

TEST_F(CollectorTest, NamesTheNearestPathAndTheAllowedMethod) {
  start();
  EXPECT_EQ(get("/v1/event").status, 404);
  EXPECT_THAT(get("/v1/event").body, HasSubstr("nearest is /v1/events"));
  EXPECT_EQ(get("/v1/events").status, 405);
  EXPECT_EQ(client_->post("/healthz", "", "").value().status, 405);
}

TEST_F(CollectorTest, AnAddressInUseNamesWhoHasItAndWhatToDo) {
  start();
  Config second = config_;
  second.data = (temporary_.path() / "other").string();
  second.listen = collector_->address();
  const auto started = Collector::start(files_, clock_, second);
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().context, HasSubstr("pid " + std::to_string(getpid())));
  EXPECT_THAT(started.error().context, HasSubstr("--listen"));
}

TEST_F(CollectorTest, AStoreInUseNamesTheCollectorThatHasIt) {
  start();
  const auto second = Collector::start(files_, clock_, config_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::held);
  EXPECT_THAT(second.error().context, HasSubstr(collector_->address()));
}

TEST_F(CollectorTest, WhoWantsToWriteIntoItsStoreIsSentToIt) {
  start();
  CommandContext context{clock_, files_, Terminal{}};
  const auto target = open_store_target(context, config_.data);
  ASSERT_TRUE(target) << target.error().context;
  EXPECT_THAT(target.value()->name(), HasSubstr(collector_->address()));
  std::string body = tests::event_line(1) + "\nnonsense\n";
  const std::size_t bytes = body.size();
  body.resize(bytes + ingest::Validator::kPadding);
  const auto answer =
      target.value()->write(std::span(body.data(), bytes), ingest::BodyForm::ndjson, EventOrigin{});
  ASSERT_TRUE(answer) << answer.error().context;
  EXPECT_EQ(answer.value().accepted, 1u);
  EXPECT_EQ(answer.value().rejected_total, 1u);
  EXPECT_EQ(answer.value().rejected.at(0).line, 2u);
}

TEST_F(CollectorTest, OnAFullDiskItRefusesSaysWhyAndGoesOnWhenThereIsRoom) {
  tests::FaultFileSystem disk;
  disk.set_space({.total = 1000, .available = 600});
  config_.disk_percent = 50;
  collector_ = std::move(Collector::start(disk, clock_, config_)).value();
  client_ = std::make_unique<net::HttpClient>(
      std::move(net::HttpClient::connect(net::Url::parse(collector_->address()).value(), {}))
          .value());
  ASSERT_EQ(client_->post("/v1/events", "", tests::event_line(1)).value().status, 200);
  disk.set_space({.total = 1000, .available = 400});
  ASSERT_EQ(client_->post("/v1/admin/seal", "", "").value().status, 200);  // It looks at the disk.
  const auto refused = client_->post("/v1/events", "", tests::event_line(2)).value();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.retry_after, std::chrono::seconds(30));
  EXPECT_THAT(refused.body, HasSubstr("60.0 % full, and from 50 % on no event is taken: free"));
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_THAT(get("/readyz").body, HasSubstr("the disk is full"));
  EXPECT_THAT(get("/metrics").body, HasSubstr("tally_disk_full 1\n"));
  EXPECT_THAT(get("/metrics").body, HasSubstr("tally_disk_used_ratio 0.6\n"));
  EXPECT_THAT(get("/metrics").body, HasSubstr("tally_disk_available_bytes 400\n"));
  disk.set_space({.total = 1000, .available = 600});
  while (get("/readyz").status != 200) std::this_thread::yield();
  EXPECT_THAT(client_->post("/v1/events", "", tests::event_line(2)).value().body,
              HasSubstr("\"first_seq\":2"));
  EXPECT_THAT(get("/metrics").body, HasSubstr("tally_disk_full 0\n"));
  collector_.reset();  // Before the disk.
}

TEST_F(CollectorTest, RefusesNothingThatItTookBeforeItStops) {
  start();
  for (std::uint64_t i = 1; i <= 100; ++i) {
    ASSERT_EQ(client_->post("/v1/events", "", tests::event_line(i)).value().status, 200);
  }
  collector_->stop();
  EXPECT_EQ(tests::read_store(files_, config_.data).value().lines.size(), 100u);
}

}  // namespace
}  // namespace tally::app
