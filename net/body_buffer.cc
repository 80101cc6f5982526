#include "net/body_buffer.h"

#include <algorithm>
#include <utility>

namespace tally::net {
namespace {

constexpr std::size_t kKeptBytesMax = 4 * 1024 * 1024;
// Bodies of one client have about the same length; rounding up lets them share buffers.
constexpr std::size_t kGranularity = 64 * 1024;

}  // namespace

BodyBuffer BodyBuffers::take(std::size_t capacity) {
  const auto fits = [capacity](const BodyBuffer& buffer) { return buffer.capacity >= capacity; };
  // From the back: what was given back last is still in the cache.
  const auto found = std::find_if(kept_.rbegin(), kept_.rend(), fits);
  if (found != kept_.rend()) {
    BodyBuffer buffer = std::move(*found);
    kept_.erase(std::next(found).base());
    kept_bytes_ -= buffer.capacity;
    return buffer;
  }
  const std::size_t rounded = (capacity + kGranularity - 1) / kGranularity * kGranularity;
  return {std::make_unique_for_overwrite<char[]>(rounded), rounded};
}

void BodyBuffers::give_back(BodyBuffer buffer) {
  if (buffer.capacity > kKeptBytesMax) return;
  kept_bytes_ += buffer.capacity;
  kept_.push_back(std::move(buffer));
  while (kept_bytes_ > kKeptBytesMax) {
    kept_bytes_ -= kept_.front().capacity;
    kept_.erase(kept_.begin());
  }
}

}  // namespace tally::net
