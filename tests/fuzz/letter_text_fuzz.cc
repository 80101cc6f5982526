// A line of a file of dead letters.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/check.h"
#include "shipper/letter_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto letter = shipper::read_letter(input);
  if (!letter) return 0;
  TALLY_CHECK(letter->line.find('\n') == std::string::npos);
  // What can be read can be written, as one line, and means the same.
  std::string text = shipper::letter_text(*letter, UtcTime{std::chrono::seconds{1769205309}});
  TALLY_CHECK(text.find('\n') == text.size() - 1);
  text.pop_back();
  const auto again = shipper::read_letter(text);
  TALLY_CHECK(again && again->sequence == letter->sequence && again->received == letter->received);
  TALLY_CHECK(again->reason == letter->reason && again->line == letter->line);
  return 0;
}
