#include "shipper/sink_census.h"

#include <algorithm>
#include <chrono>

#include "model/check.h"

namespace tally::shipper {

UtcTime hour_of(UtcTime time) { return std::chrono::floor<std::chrono::hours>(time); }

void SinkCensus::add_here(Sequence sequence, UtcTime received) {
  if (hours_.empty()) {
    first_ = sequence;
    first_received_ = received;
    // No more than is written to becomes memory, and nothing is copied as it grows.
    for (auto* const bits : {&here_, &there_, &twice_, &dead_}) bits->reserve(sequences_);
  }
  TALLY_CHECK(has_room_for(sequence));
  last_received_ = received;
  ++here_count_;
  if (hours_.empty() || hours_.back().hour != hour_of(received)) {
    hours_.push_back({.hour = hour_of(received), .first = sequence});
  }
  here_.resize(distance(first_, sequence) + 1);
  here_.back() = true;
  there_.resize(here_.size());
  twice_.resize(here_.size());
  dead_.resize(here_.size());
}

void SinkCensus::add_event_time(UtcTime time) { event_hours_.insert(hour_of(time)); }

void SinkCensus::add_dead(Sequence sequence) {
  if (is_asked_for(sequence)) dead_[distance(first_, sequence)] = true;
}

void SinkCensus::add_there(Sequence sequence) {
  if (!is_asked_for(sequence)) return;
  const std::size_t index = distance(first_, sequence);
  if (there_[index]) twice_[index] = true;
  there_[index] = true;
  ++there_count_;
  const auto behind = std::ranges::upper_bound(hours_, sequence, {}, &CensusHour::first);
  ++std::prev(behind)->there;
}

std::vector<CensusHour> SinkCensus::hours() const {
  std::vector<CensusHour> hours = hours_;
  for (std::size_t i = 0; i < hours.size(); ++i) {
    CensusHour& hour = hours[i];
    const Sequence last = i + 1 < hours.size() ? hours[i + 1].first : end();
    const std::size_t behind = distance(first_, last);
    for (std::size_t index = distance(first_, hour.first); index < behind; ++index) {
      hour.here += here_[index] ? 1 : 0;
      hour.distinct += there_[index] ? 1 : 0;
      hour.missing += is_missing(index) ? 1 : 0;
      hour.twice += twice_[index] ? 1 : 0;
      hour.dead += here_[index] && dead_[index] && !there_[index] ? 1 : 0;
    }
  }
  return hours;
}

void SinkCensus::for_each_missing(const std::function<void(Sequence, Sequence)>& visit) const {
  for (std::size_t index = 0; index < here_.size(); ++index) {
    if (!is_missing(index)) continue;
    const std::size_t first = index;
    while (index + 1 < here_.size() && is_missing(index + 1)) ++index;
    visit(advance(first_, first), advance(first_, index));
  }
}

}  // namespace tally::shipper
