// What stands in the metadata of a group's offset: whoever may write to the group has a say in it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/kafka/group_claim.h"
#include "model/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally::ingest;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto claim = parse_group_claim(input);
  if (!claim) return 0;
  TALLY_CHECK(input.starts_with("store=") && !claim->store.empty() && !claim->member.empty());
  // What can be read can be written, and means the same; nothing comes to it.
  const std::string text = to_text(*claim);
  TALLY_CHECK(parse_group_claim(text) == claim);
  TALLY_CHECK(text.size() <= size);
  return 0;
}
