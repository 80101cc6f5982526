// The checkpoint of a consumed partition as it stands in the journal: the rest of its source up to
// the first LF, then its state.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/kafka/partition_place.h"
#include "model/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally::ingest;
  static const TopicSource kTopic{"5L6g3nShT-eMCtK--X86sw", "audit", 2};
  static const std::string kBegin = "kafka:5L6g3nShT-eMCtK--X86sw:audit:2:";
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), size);
  const std::string_view state = input.substr(std::min(end + 1, size));
  TALLY_CHECK(!read_place(kTopic, input.substr(0, end), state) || input.starts_with(kBegin));
  const auto read = read_place(kTopic, kBegin + std::string(input.substr(0, end)), state);
  if (!read) return 0;
  TALLY_CHECK(read->partition >= 0 && read->place.next >= 0 && read->place.partitions >= 0);
  // What can be read can be written, and means the same.
  const auto again = read_place(kTopic, place_source(kTopic, read->partition), encode(read->place));
  TALLY_CHECK(again && again->partition == read->partition && again->place == read->place);
  return 0;
}
