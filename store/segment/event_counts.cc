#include "store/segment/event_counts.h"

#include <algorithm>
#include <iterator>

#include "store/segment/segment_format.h"
#include "store/segment/text_hash.h"

namespace tally::store {
namespace {

/// More combinations than a segment can have events do not occur in it.
constexpr std::size_t kCountsMax = 4 * 1024 * 1024;

constexpr std::uint64_t kOutcomes = 2 * kWordsMax;

/// The key as one number, so that the list is one of small differences.
std::uint64_t packed(const CountKey& key) noexcept {
  return key.service * kOutcomes + std::uint64_t{key.operation} * 2 + (key.success ? 1 : 0);
}

CountKey unpacked(std::uint64_t number) noexcept {
  return {static_cast<std::uint32_t>(number / kOutcomes),
          static_cast<std::uint32_t>(number % kOutcomes / 2), number % 2 == 1};
}

}  // namespace

void EventCounter::add(const CountKey& key) {
  const std::uint64_t number = packed(key);
  Slot* slot = &slot_of(number);
  if (slot->events == 0 && 2 * ++used_ > slots_.size()) {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& known : old) {
      if (known.events > 0) slot_of(known.key) = known;
    }
    slot = &slot_of(number);
  }
  slot->key = number;
  ++slot->events;
}

EventCounter::Slot& EventCounter::slot_of(std::uint64_t key) noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = mixed(key) & mask;
  while (slots_[at].events > 0 && slots_[at].key != key) at = (at + 1) & mask;
  return slots_[at];
}

EventCounts EventCounter::take() {
  EventCounts counts;
  for (Slot& slot : slots_) {
    if (slot.events > 0) counts.push_back({unpacked(slot.key), slot.events});
    slot = {};
  }
  used_ = 0;
  std::sort(counts.begin(), counts.end(),
            [](const EventCount& a, const EventCount& b) { return a.key < b.key; });
  return counts;
}

void put_counts(std::string& out, const EventCounts& counts, IntegerEncoder& integers) {
  std::vector<std::int64_t> steps;
  std::vector<std::int64_t> events;
  std::uint64_t before = 0;
  for (const EventCount& count : counts) {
    const std::uint64_t number = packed(count.key);
    steps.push_back(static_cast<std::int64_t>(number - before));
    events.push_back(static_cast<std::int64_t>(count.events));
    before = number;
  }
  put_varint(out, counts.size());
  integers.encode(out, steps);
  integers.encode(out, events);
}

bool read_counts(std::string_view part, std::uint64_t events, IntegerDecoder& integers,
                 EventCounts& counts) {
  ByteReader in(part);
  const std::size_t size = in.varint(std::min<std::uint64_t>(kCountsMax, events));
  if (in.failed()) return false;
  std::vector<std::int64_t> steps;
  std::vector<std::int64_t> numbers;
  integers.decode(in, size, steps);
  if (in.failed()) return false;
  integers.decode(in, size, numbers);
  if (in.failed() || !in.at_end()) return false;
  counts.clear();
  std::uint64_t key = 0;
  std::uint64_t left = events;
  for (std::size_t i = 0; i < size; ++i) {
    const auto step = static_cast<std::uint64_t>(steps[i]);
    const auto number = static_cast<std::uint64_t>(numbers[i]);
    key += step;
    if ((i > 0 && step == 0) || step > kWordsMax * kOutcomes || key >= kWordsMax * kOutcomes ||
        number == 0 || number > left) {
      return false;
    }
    left -= number;
    counts.push_back({unpacked(key), number});
  }
  return left == 0;
}

void add_counts(EventCounts& counts, const EventCounts& more) {
  EventCounts sum;
  sum.reserve(counts.size() + more.size());
  std::merge(counts.begin(), counts.end(), more.begin(), more.end(), std::back_inserter(sum),
             [](const EventCount& a, const EventCount& b) { return a.key < b.key; });
  counts.clear();
  for (const EventCount& count : sum) {
    if (!counts.empty() && counts.back().key == count.key) {
      counts.back().events += count.events;
    } else {
      counts.push_back(count);
    }
  }
}

}  // namespace tally::store
