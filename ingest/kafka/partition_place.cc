#include "ingest/kafka/partition_place.h"

#include <algorithm>
#include <charconv>

namespace tally::ingest {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::string_view kReading = "reading";
constexpr std::string_view kGone = "gone";

std::string prefix_of(const TopicSource& topic) {
  return "kafka:" + topic.cluster + ':' + topic.topic + ':' + std::to_string(topic.generation) +
         ':';
}

/// Takes the next word off; words are separated by single spaces.
std::string_view take_word(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && read == end && number >= 0;
}

}  // namespace

std::string place_source(const TopicSource& topic, std::int32_t partition) {
  return prefix_of(topic) + std::to_string(partition);
}

std::string encode(const PartitionPlace& place) {
  return std::string(kVersion) + ' ' + std::to_string(place.next) + ' ' +
         std::to_string(place.partitions) + ' ' + std::string(place.gone ? kGone : kReading);
}

std::optional<NamedPlace> read_place(const TopicSource& topic, std::string_view source,
                                     std::string_view state) {
  const std::string prefix = prefix_of(topic);
  if (!source.starts_with(prefix)) return std::nullopt;
  NamedPlace read;
  if (!read_number(source.substr(prefix.size()), read.partition)) return std::nullopt;
  if (take_word(state) != kVersion) return std::nullopt;
  if (!read_number(take_word(state), read.place.next)) return std::nullopt;
  if (!read_number(take_word(state), read.place.partitions)) return std::nullopt;
  if (state != kReading && state != kGone) return std::nullopt;
  read.place.gone = state == kGone;
  return read;
}

}  // namespace tally::ingest
