#include "shipper/loki/stream_pace.h"

#include <algorithm>

namespace tally::shipper {
namespace {

/// Of what a receiver says that it takes: its clock and its way to count are not ours.
constexpr double kShareUsed = 0.9;

/// Past so many, those that are free are forgotten.
constexpr std::size_t kStreamsMax = 10'000;

}  // namespace

StreamPace::Time StreamPace::book(std::span<const Share> request, Time now) {
  const std::lock_guard lock(mutex_);
  if (bytes_per_second_ == 0) return now;
  if (free_at_.size() > kStreamsMax) {
    std::erase_if(free_at_, [&](const auto& stream) { return stream.second <= now; });
  }
  Time begin = now;
  for (const auto& [stream, bytes] : request) {
    const auto known = free_at_.find(stream);
    if (known != free_at_.end()) begin = std::max(begin, known->second);
  }
  for (const auto& [stream, bytes] : request) {
    const std::chrono::duration<double> takes(static_cast<double>(bytes) /
                                              static_cast<double>(bytes_per_second_));
    free_at_[stream] = begin + std::chrono::duration_cast<Time::duration>(takes);
  }
  return begin;
}

bool StreamPace::limited() const {
  const std::lock_guard lock(mutex_);
  return bytes_per_second_ > 0;
}

void StreamPace::learn(std::uint64_t bytes_per_second) {
  const auto used = static_cast<std::uint64_t>(static_cast<double>(bytes_per_second) * kShareUsed);
  if (used == 0) return;
  const std::lock_guard lock(mutex_);
  bytes_per_second_ = bytes_per_second_ == 0 ? used : std::min(bytes_per_second_, used);
}

}  // namespace tally::shipper
