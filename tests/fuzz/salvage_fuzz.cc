// A file to be salvaged, of each kind that it may be taken for: the first byte of the input.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "model/check.h"
#include "store/salvage/salvage_file.h"
#include "tests/support/bytes_file.h"

namespace {

using namespace tally;

Result<void> check_events(const store::SalvagedEvents& events) {
  const store::Chunk& chunk = events.chunk;
  TALLY_CHECK(chunk.count > 0 && chunk.lines.ends_with('\n'));
  TALLY_CHECK(std::ranges::count(chunk.lines, '\n') == static_cast<std::ptrdiff_t>(chunk.count));
  std::uint64_t in_runs = 0;
  for (const Run& run : chunk.runs) in_runs += run.count;
  TALLY_CHECK(chunk.runs.empty() || in_runs == chunk.count);
  return ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto kind = static_cast<store::SalvageKind>(data[0] % 3);
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  tests::BytesFile file(bytes);
  const store::SalvageOutlet outlet{
      .events = check_events,
      .refused = [](const store::SalvagedRefused&) -> Result<void> { return ok(); }};
  (void)store::recognise(file, "fuzz");
  (void)store::introduce(file, "fuzz", kind);
  const auto found = store::salvage_file(file, "fuzz", kind, {.unverified = true}, outlet);
  TALLY_CHECK(found);
  return 0;
}
