#include "tests/shipper/shipping_process.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <utility>

#include "shipper/status_file.h"
#include "store/sink_cursors.h"
#include "tests/support/patience.h"

namespace tally::tests {
namespace {

std::vector<std::string> command(const SampleStore& store, const std::string& url,
                                 const std::string& output) {
  return {"sh",
          "-c",
          "exec \"$0\" ship --data \"$1\" --to \"$2\" >\"$3\"",
          TALLY_PROGRAM,
          store.directory().string(),
          url,
          output};
}

bool has_ended(pid_t process) {
  siginfo_t info{};
  const int found = ::waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT);
  return found == 0 && info.si_pid == process;
}

}  // namespace

ShippingProcess::ShippingProcess(SampleStore& store, std::string name, const std::string& url)
    : ShippingProcess(store, std::move(name), url, "/dev/null") {}

ShippingProcess::ShippingProcess(SampleStore& store, std::string name, const std::string& url,
                                 const std::string& output)
    : store_(&store),
      name_(std::move(name)),
      process_(command(store, url, output), {std::nullopt, store.directory() / "log"}) {}

void ShippingProcess::wait_for_begin() {
  wait_until([&] {
    const auto served =
        shipper::is_served(store_->files(), store::StorePaths(store_->directory()), name_);
    return served && served.value();
  });
}

void ShippingProcess::wait_for_arrivals() {
  const store::SinkCursor all{name_, Sequence{store_->size() + 1}};
  wait_until([&] {
    const auto cursors = store::read_sink_cursors(
        store_->files(), store::StorePaths(store_->directory()), store_->id());
    return cursors && std::ranges::find(cursors.value(), all) != cursors.value().end();
  });
}

std::string ShippingProcess::wait_for_trouble(const std::string& part) {
  std::string said;
  wait_until([&] {
    const auto status =
        shipper::read_status(store_->files(), store::StorePaths(store_->directory()), name_);
    if (!status || !status.value()) return false;
    said = status.value()->trouble;
    return !said.empty() && said.find(part) != said.npos;
  });
  return said;
}

std::string ShippingProcess::end() { return end_in_good_order(process_); }

std::string end_in_good_order(bench::ChildProcess& process) {
  const auto begun = std::chrono::steady_clock::now();
  process.send_signal(SIGTERM);
  wait_until([&] { return has_ended(process.pid()); });
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begun);
  EXPECT_EQ(process.wait(), 0);
  return "ends " + std::to_string(took.count()) + " ms after SIGTERM";
}

}  // namespace tally::tests
