// The fields of a journal file header, in a frame whose lengths and CRC are right (a fuzzer does
// not guess a CRC), and the same bytes as a whole header.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/check.h"
#include "store/journal/file_header.h"
#include "tests/support/journal_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)store::decode_file_header(input);
  const auto decoded = store::decode_file_header(tests::framed_file_header(input));
  if (!decoded) return 0;
  // What can be read can be written, and means the same.
  const auto again = store::encode(decoded.value().header);
  if (!again) return 0;
  TALLY_CHECK(store::decode_file_header(again.value()).value().header == decoded.value().header);
  return 0;
}
