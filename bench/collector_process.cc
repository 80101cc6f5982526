#include "bench/collector_process.h"

#include <poll.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "bench/blocking_client.h"
#include "bench/cpu.h"
#include "bench/loopback_socket.h"
#include "bench/require.h"

namespace tally::bench {
namespace {

constexpr double kReadySeconds = 30;
constexpr int kPollMilliseconds = 2;

std::string get_request(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

}  // namespace

CollectorProcess::CollectorProcess(CollectorOptions options)
    : options_(std::move(options)), port_(free_port()) {}

void CollectorProcess::start() {
  std::vector<std::string> arguments{options_.program, "serve",
                                     "--data",         options_.directory,
                                     "--listen",       "127.0.0.1:" + std::to_string(port_)};
  arguments.insert(arguments.end(), options_.arguments.begin(), options_.arguments.end());
  process_ = std::make_unique<ChildProcess>(
      arguments, ChildProcess::Options{.core = options_.core, .output = log_path()});
  wait_until_ready();
}

int CollectorProcess::stop() {
  process_->send_signal(SIGTERM);
  return process_->wait();
}

void CollectorProcess::kill() {
  process_->send_signal(SIGKILL);
  process_->wait();
}

double CollectorProcess::metric(const std::string& series) const {
  BlockingClient client(port_);
  const auto answer = client.exchange(get_request("/metrics"));
  require(answer && answer->status == 200, "GET /metrics");
  const std::string_view text = answer->body;
  for (std::size_t at = text.find(series); at != std::string_view::npos;
       at = text.find(series, at + 1)) {
    const std::size_t value_at = at + series.size() + 1;
    if ((at == 0 || text[at - 1] == '\n') && text[value_at - 1] == ' ') {
      return std::strtod(std::string(text.substr(value_at, 32)).c_str(), nullptr);
    }
  }
  give_up("no " + series + " in /metrics");
}

void CollectorProcess::wait_until_ready() {
  const double deadline = wall_seconds() + kReadySeconds;
  while (wall_seconds() < deadline) {
    BlockingClient client(port_);
    const auto answer = client.exchange(get_request("/readyz"));
    if (answer && answer->status == 200) return;
    // Nothing announces that a port is being listened to, so it is asked for every few
    // milliseconds.
    ::poll(nullptr, 0, kPollMilliseconds);
  }
  give_up_with_log("the collector was not ready in time");
}

void CollectorProcess::give_up_with_log(const std::string& what) const {
  std::cerr << std::ifstream(log_path()).rdbuf();
  give_up(what);
}

std::filesystem::path CollectorProcess::log_path() const {
  return std::filesystem::path(options_.directory) += ".log";
}

}  // namespace tally::bench
