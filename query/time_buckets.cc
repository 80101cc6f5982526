#include "query/time_buckets.h"

#include <algorithm>

namespace tally::query {
namespace {

namespace chr = std::chrono;
using chr::nanoseconds;

constexpr nanoseconds kWeek = chr::hours{24 * 7};
constexpr nanoseconds kThursdayToMonday = chr::hours{24 * 4};  // 1970 began on a Thursday

nanoseconds floor_to(nanoseconds time, nanoseconds length) noexcept {
  const nanoseconds rest = time % length;
  return rest < nanoseconds{0} ? time - rest - length : time - rest;
}

}  // namespace

TimeBuckets::TimeBuckets(nanoseconds length, Zone zone) noexcept
    : length_(length),
      zone_(length % chr::hours{1} == nanoseconds{0} ? zone : Zone::utc()),
      origin_(length % kWeek == nanoseconds{0} ? kThursdayToMonday : nanoseconds{0}) {}

// The local beginning may lie before a change of the zone's offset that `time` lies after: then the
// offset of the beginning counts.
UtcTime TimeBuckets::start_of(UtcTime time) noexcept {
  const nanoseconds offset = zone_.offset_at(time);
  const nanoseconds local = time.time_since_epoch() + offset;
  const nanoseconds begin = floor_to(local - origin_, length_) + origin_;
  const UtcTime start{begin - offset};
  const nanoseconds offset_then = zone_.offset_at(start);
  return offset_then == offset ? start : UtcTime{begin - offset_then};
}

// Steps, because a change of the zone's offset makes a bucket longer or shorter than its length.
UtcTime TimeBuckets::next(UtcTime start) noexcept {
  const nanoseconds step = std::min<nanoseconds>(length_, chr::minutes{15});
  UtcTime time = start + step;
  while (start_of(time) <= start) time += step;
  return start_of(time);
}

}  // namespace tally::query
