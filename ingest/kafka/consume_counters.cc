#include "ingest/kafka/consume_counters.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace tally::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// A broker that comes and goes all the time is told of no more often.
constexpr std::chrono::minutes kBetweenTroubles{1};

}  // namespace

void ConsumeCounters::retrying(std::string trouble) {
  bool say = false;
  {
    const std::lock_guard lock(mutex_);
    ++stats_.retries;
    const auto now = SteadyClock::now();
    say = said_.empty() && !open_ && (!told_ || now - *told_ >= kBetweenTroubles);
    if (say) {
      told_ = now;
      open_ = true;
    }
    stats_.trouble = trouble;
  }
  if (say) spdlog::warn(name_ + ": " + trouble + ": trying again");
}

void ConsumeCounters::healed() {
  bool say = false;
  {
    const std::lock_guard lock(mutex_);
    say = open_ || !said_.empty();
    open_ = false;
    said_.clear();
    stats_.trouble.clear();
  }
  if (say) spdlog::info(name_ + ": the brokers answer again");
}

void ConsumeCounters::failed(const Error& error) {
  const std::string text = to_string(error);
  bool say = false;
  {
    const std::lock_guard lock(mutex_);
    ++stats_.retries;
    say = said_ != text;
    said_ = text;
    stats_.trouble = text;
  }
  if (say) spdlog::error(name_ + " is not read: " + text + "; trying again, for ever");
}

KafkaSourceStats ConsumeCounters::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace tally::ingest
