// A file of refused events, and the same bytes as the fields of a pack whose CRC is right (a fuzzer
// does not guess one).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/check.h"
#include "store/disk/crc_record.h"
#include "store/rejected/refused_codec.h"
#include "store/rejected/rejected_pack.h"

namespace {

void check(std::string_view pack) {
  using namespace tally::store;
  const auto decoded = decode_rejected_pack(pack);
  if (!decoded) return;
  // What can be read can be written, and means the same.
  TALLY_CHECK(decode_rejected_pack(encode(decoded.value())).value() == decoded.value());
  (void)unpack_refused(decoded.value().frame);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally::store;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto header = decode_rejected_header(input);
  std::string_view rest = header ? input.substr(kRejectedHeaderBytes) : input;
  while (const auto length = record_bytes(rest, kRejectedBodyBytesMax)) {
    if (*length > rest.size()) break;
    check(rest.substr(0, *length));
    rest.remove_prefix(*length);
  }
  std::string framed;
  put_record(framed, input);
  check(framed);
  return 0;
}
