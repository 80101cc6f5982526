#include "shipper/shipper.h"

#include <spdlog/spdlog.h>

#include <random>
#include <utility>

#include "shipper/backoff.h"
#include "shipper/lag_look.h"
#include "shipper/shipper_session.h"

namespace tally::shipper {
namespace {

constexpr std::chrono::seconds kLookForOrders{1};

/// What no wait can heal.
bool needs_somebody(Errc code) noexcept {
  return code == Errc::invalid || code == Errc::unsupported || code == Errc::corruption ||
         code == Errc::too_large || code == Errc::held;
}

}  // namespace

Shipper::Shipper(store::FileSystem& files, const Clock& clock, const store::Path& directory,
                 ShipperOptions options, SinkFactory factory)
    : parts_{.files = &files,
             .clock = &clock,
             .paths = store::StorePaths(directory),
             .options = options,
             .factory = std::move(factory),
             .orders = {files, store::StorePaths(directory), options.name},
             .status = {files, clock, store::StorePaths(directory), options.name},
             .board = {}} {}

Shipper::~Shipper() { stop(); }

void Shipper::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Shipper::begin_stop() noexcept { thread_.request_stop(); }

void Shipper::stop() {
  if (!thread_.joinable()) return;
  begin_stop();
  thread_.join();
}

void Shipper::run(const std::stop_token& stop) {
  Backoff backoff(parts_.options.retry_first, parts_.options.retry_most, std::random_device{}());
  // Who starts again may have mended what it was that it had stopped for.
  const auto before = parts_.orders.paused();
  if (before && before.value() && before.value()->starts_with(store::kStoppedReason))
    (void)parts_.orders.resume();
  while (!stop.stop_requested()) {
    wait_while_paused(stop);
    if (stop.stop_requested()) break;
    const Sequence began = stats().next;
    const auto ended = run_session(stop, false);
    if (ended || stop.stop_requested()) continue;
    if (stats().next > began) backoff.reset();
    if (needs_somebody(ended.error().code)) {
      stop_for(ended.error());
    } else {
      note(Condition::retrying, ended.error().context);
      spdlog::warn("sink " + parts_.options.name + ": " + ended.error().context);
    }
    look_at_lag(parts_);
    pause_for(stop, backoff.next());
  }
}

/// Pauses itself, so that it stays so until somebody resumes it or starts the process again.
void Shipper::stop_for(const Error& error) {
  note(Condition::stopped, error.context);
  spdlog::error("sink " + parts_.options.name + " has stopped: " + error.context +
                "; then: tally sinks resume " + parts_.options.name);
  const auto paused = parts_.orders.pause(std::string(store::kStoppedReason) + error.context);
  if (!paused) spdlog::error("sink " + parts_.options.name + ": " + paused.error().context);
}

void Shipper::wait_while_paused(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto paused = parts_.orders.paused();
    if (!paused || !paused.value()) return;
    look_at_lag(parts_);
    const std::string& reason = *paused.value();
    if (reason.starts_with(store::kStoppedReason)) {
      note(Condition::stopped, reason.substr(store::kStoppedReason.size()));
    } else {
      note(Condition::paused, reason);
    }
    pause_for(stop, kLookForOrders);
  }
}

Result<void> Shipper::run_once() { return run_session(std::stop_token(), true); }

Result<void> Shipper::run_session(const std::stop_token& stop, bool once) {
  note(Condition::starting, "");
  TALLY_TRY(auto session, ShipperSession::begin(parts_, stop));
  note(Condition::sending, "");
  return session->run(stop, once);
}

void Shipper::note(Condition condition, const std::string& trouble) {
  parts_.board.set_condition(condition, trouble);
  parts_.status.put(parts_.board.stats());
}

}  // namespace tally::shipper
