#include "tests/monitoring/prometheus_server.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

#include "bench/loopback_socket.h"
#include "net/http_client.h"
#include "tests/support/patience.h"

namespace tally::tests {
namespace {

namespace json = simdjson::dom;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Fails the test where there is nothing to replace.
std::string replaced(std::string text, std::string_view what, const std::string& by) {
  std::size_t at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  for (; at != text.npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
  return text;
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      escaped += c;
    } else {
      escaped += {'%', kDigits[byte / 16], kDigits[byte % 16]};
    }
  }
  return escaped;
}

std::string text_of(const json::element& element) {
  std::string_view text;
  EXPECT_EQ(element.get(text), simdjson::SUCCESS);
  return std::string(text);
}

/// What the answer has as "data"; fails the test where it says that something went wrong.
json::element data_of(const json::element& answer) {
  EXPECT_EQ(text_of(answer["status"]), "success") << answer;
  return answer["data"];
}

Series read_series(const json::element& element) {
  Series series;
  for (const auto [name, value] : json::object(element["metric"])) {
    series.labels.emplace(name, text_of(value));
  }
  series.value = std::strtod(text_of(element["value"].at(1)).c_str(), nullptr);
  return series;
}

}  // namespace

PrometheusServer::PrometheusServer(std::uint16_t collector_port) : port_(bench::free_port()) {
  const std::filesystem::path deployed = TALLY_SOURCE_DIR "/deploy/grafana";
  std::string configuration = read_file(deployed / "prometheus.yaml");
  configuration =
      replaced(configuration, "127.0.0.1:7514", "127.0.0.1:" + std::to_string(collector_port));
  configuration = replaced(configuration, "interval: 15s", "interval: 200ms");
  std::ofstream(directory_.path() / "prometheus.yaml") << configuration;
  std::filesystem::copy(deployed / "sink-alerts.yaml", directory_.path());
  process_ = std::make_unique<bench::ChildProcess>(
      std::vector<std::string>{"prometheus",
                               "--config.file=" + (directory_.path() / "prometheus.yaml").string(),
                               "--storage.tsdb.path=" + (directory_.path() / "data").string(),
                               "--web.listen-address=127.0.0.1:" + std::to_string(port_)},
      bench::ChildProcess::Options{.core = {}, .output = directory_.path() / "log"});
  wait_until([&] { return get("/-/ready").find("Ready") != std::string::npos; });
}

std::string PrometheusServer::get(const std::string& path) const {
  const auto url = net::Url::parse("http://127.0.0.1:" + std::to_string(port_));
  auto client = net::HttpClient::connect(url.value(), {});
  if (!client) return "";
  const auto response = client.value().get(path);
  return response ? response.value().body : "";
}

std::vector<Series> PrometheusServer::query(const std::string& expression) const {
  json::parser parser;
  const simdjson::padded_string body = get("/api/v1/query?query=" + escaped(expression));
  const json::element answer = parser.parse(body);
  std::vector<Series> all;
  for (const json::element series : json::array(data_of(answer)["result"])) {
    all.push_back(read_series(series));
  }
  return all;
}

std::vector<std::string> PrometheusServer::label_values(const std::string& metric,
                                                        const std::string& label) const {
  json::parser parser;
  const simdjson::padded_string body =
      get("/api/v1/label/" + label + "/values?match%5B%5D=" + escaped(metric));
  const json::element answer = parser.parse(body);
  std::vector<std::string> values;
  for (const json::element value : json::array(data_of(answer))) values.push_back(text_of(value));
  return values;
}

std::vector<AlertRule> PrometheusServer::alert_rules() const {
  json::parser parser;
  const simdjson::padded_string body = get("/api/v1/rules?type=alert");
  const json::element answer = parser.parse(body);
  std::vector<AlertRule> all;
  for (const json::element group : json::array(data_of(answer)["groups"])) {
    for (const json::element rule : json::array(group["rules"])) {
      all.push_back({text_of(rule["name"]), text_of(rule["query"]), text_of(rule["health"])});
    }
  }
  return all;
}

}  // namespace tally::tests
