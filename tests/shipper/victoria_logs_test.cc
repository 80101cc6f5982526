#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdlib>
#include <regex>

#include "net/http_client.h"
#include "shipper/make_sink.h"
#include "store/disk/posix_file_system.h"
#include "tests/support/command_output.h"
#include "tests/support/store_harness.h"
#include "tests/support/temporary_directory.h"

namespace tally::shipper {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kEvents = 20'000;

/// What its module asks for.
constexpr int kGoWanted = 1'026'006;

/// What Go there is, as 1026006 for go1.26.6; 0: none.
int go_version() {
  const std::string text = tests::output_of("go version 2>/dev/null");
  std::smatch match;
  if (!std::regex_search(text, match, std::regex(R"(go(\d+)\.(\d+)(\.(\d+))?)"))) return 0;
  const int patch = match[4].matched ? std::stoi(match[4]) : 0;
  return std::stoi(match[1]) * 1'000'000 + std::stoi(match[2]) * 1000 + patch;
}

/// A port that nobody listens at.
std::string free_port() {
  using Tcp = boost::asio::ip::tcp;
  boost::asio::io_context context;
  const Tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  return std::to_string(acceptor.local_endpoint().port());
}

/// A VictoriaLogs that runs, on a port and a directory of its own.
class VictoriaLogs {
 public:
  VictoriaLogs() : port_(free_port()) {
    ::setenv("PEER_DIR", directory_.path().c_str(), 1);
    ::setenv("PEER_PORT", port_.c_str(), 1);
    run("build");
    url_ = run("start");
  }
  ~VictoriaLogs() { run("stop"); }
  VictoriaLogs(const VictoriaLogs&) = delete;
  VictoriaLogs& operator=(const VictoriaLogs&) = delete;

  std::string address() const { return "127.0.0.1:" + port_; }
  const std::string& url() const { return url_; }

  std::string get(const std::string& path) const {
    auto client = net::HttpClient::connect(net::Url::parse(address()).value(), {});
    if (!client) return to_string(client.error());
    return client.value().get(path).value().body;
  }

 private:
  static std::string run(const std::string& what) {
    return tests::output_of(std::string(TALLY_SOURCE_DIR) + "/tests/peers/victoria-logs " + what);
  }

  tests::TemporaryDirectory directory_;
  std::string port_;
  std::string url_;
};

/// Events of two hours, some failed, from three services.
std::vector<std::string> some_events() {
  std::vector<std::string> lines;
  const UtcTime start{std::chrono::seconds{1769205309}};
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    lines.push_back(R"({"timestamp":")" +
                    format_rfc3339(start + std::chrono::milliseconds(360 * i)) +
                    R"(","service":"service-)" + std::to_string(i % 3) +
                    R"(","operation":"start","container":"c-)" + std::to_string(i % 100) +
                    R"(","success":)" + (i % 10 == 0 ? "false" : "true") +
                    R"(,"error":null,"metadata":{"n":)" + std::to_string(i) + "}}");
  }
  return lines;
}

TEST(VictoriaLogs, HasEveryEventOnce) {
  if (go_version() < kGoWanted) {
    GTEST_SKIP()
        << "NOT TESTED against a real peer: building VictoriaLogs takes Go 1.26.6, and here "
        << (go_version() == 0 ? "is no Go" : "is an older one");
  }
  spdlog::set_level(spdlog::level::off);
  const VictoriaLogs peer;
  ASSERT_THAT(peer.url(), HasSubstr("http://127.0.0.1:"));

  const tests::TemporaryDirectory directory;
  store::PosixFileSystem files;
  const tests::ManualClock clock;
  store::StoreOptions options;
  options.directory = directory.path() / "data";
  auto store = std::move(store::Store::open(files, clock, std::move(options))).value();
  ASSERT_TRUE(tests::submit_and_wait(*store, tests::make_batch(some_events(), clock.now())));

  const auto plan = plan_sink("loki+http://" + peer.address() +
                              "/insert?name=peer&label.host=h&batch_bytes=262144");
  ASSERT_TRUE(plan) << plan.error().context;
  Shipper shipper(files, clock, directory.path() / "data", plan.value().options,
                  plan.value().factory);
  const auto shipped = shipper.run_once();
  ASSERT_TRUE(shipped) << to_string(shipped.error());

  peer.get("/internal/force_flush");
  const std::string select = "/select/logsql/query?query=";
  EXPECT_EQ(peer.get(select + "*%20%7C%20stats%20count()%20n,%20count_uniq(seq)%20u"),
            "{\"n\":\"20000\",\"u\":\"20000\"}\n");
  EXPECT_EQ(peer.get(select + "detected_level:error%20%7C%20stats%20count()%20n"),
            "{\"n\":\"2000\"}\n");
  EXPECT_EQ(peer.get(select + "%7Bservice=%22service-0%22%7D%20container:c-33%20%7C%20stats%20"
                              "count()%20n"),
            "{\"n\":\"67\"}\n");
  // The line is the event as it was posted.
  EXPECT_THAT(peer.get(select + "seq:=4711"), HasSubstr(R"(\"metadata\":{\"n\":4710}}")"));
}

}  // namespace
}  // namespace tally::shipper
