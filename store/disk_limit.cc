#include "store/disk_limit.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <string_view>
#include <utility>

namespace tally::store {
namespace {

/// Between stopping and going on, so that a disk that hovers at the limit does not make the
/// collector do both by turns.
constexpr double kPercentToGoOn = 1;

constexpr std::uint64_t kNoLimit = 100;

constexpr std::string_view kAdvice =
    "free space on it, lower retention.bytes or retention.age, enlarge it, or raise "
    "limits.disk_percent";

}  // namespace

DiskLimit::DiskLimit(FileSystem& files, Path directory, std::uint64_t percent_max)
    : files_(files), directory_(std::move(directory)), percent_max_(percent_max) {
  look();
}

void DiskLimit::look() {
  const auto space = files_.space(directory_);
  if (!space) return;
  const double used = space.value().percent_used(0);
  const std::lock_guard lock(mutex_);
  space_ = space.value();
  if (percent_max_ >= kNoLimit) return;
  const auto limit = static_cast<double>(percent_max_);
  const bool refusing = used >= (refusing_ ? limit - kPercentToGoOn : limit);
  if (refusing == refusing_.exchange(refusing)) return;
  if (refusing) {
    spdlog::error("the disk of {} is {:.1f} % full: until it is below {} %, events are refused; {}",
                  directory_.string(), used, limit - kPercentToGoOn, kAdvice);
  } else {
    spdlog::info("the disk of {} is {:.1f} % full: events are taken again", directory_.string(),
                 used);
  }
}

Error DiskLimit::refusal() const {
  const double used = stats().percent_used;
  return {
      Errc::no_space,
      fmt::format("the disk of the store is {:.1f} % full, and from {} % on no event is taken: {}",
                  used, percent_max_, kAdvice)};
}

DiskStats DiskLimit::stats() const {
  const std::lock_guard lock(mutex_);
  return {space_.available, space_.percent_used(0), refusing_.load()};
}

}  // namespace tally::store
