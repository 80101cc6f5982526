// The core and the attachments of a commit header, in a frame whose lengths and CRCs are right: two
// bytes say how long the core is, then both follow.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/check.h"
#include "store/journal/commit_header.h"
#include "tests/support/journal_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally;
  constexpr std::uint64_t kSalt = 1;
  static store::CommitDecoder decoder;
  static store::CommitEncoder encoder;
  if (size < 2) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t core_bytes = std::min<std::size_t>(data[0] + 256U * data[1], input.size());
  const auto decoded = decoder.decode(
      tests::framed_commit(input.substr(0, core_bytes), input.substr(core_bytes), kSalt), kSalt);
  if (!decoded) return 0;
  // What can be read can be written, if the writer's budget (which counts worst cases) allows it.
  const auto encoded = encoder.encode(decoded.value().header, kSalt);
  if (!encoded) return 0;
  TALLY_CHECK(decoder.decode(encoded.value().bytes, kSalt).value().header ==
              decoded.value().header);
  return 0;
}
