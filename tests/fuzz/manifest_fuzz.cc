// A whole MANIFEST, and the same bytes as records whose CRC is right (a fuzzer does not guess one).

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/check.h"
#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/manifest/manifest_codec.h"

namespace {

void check(std::string_view bytes) {
  using namespace tally::store;
  const auto found = decode_manifest(bytes);
  if (!found || !found.value().manifest.store) return;
  const Manifest& manifest = found.value().manifest;
  std::uint64_t before = manifest.removed.through;
  for (const SegmentSummary& segment : manifest.segments) {
    TALLY_CHECK(segment.number > before);
    before = segment.number;
  }
  // What can be read can be written, and means the same.
  TALLY_CHECK(decode_manifest(encode_manifest(manifest)).value().manifest == manifest);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally::store;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check(input);
  Manifest empty;
  empty.store.emplace();
  std::string framed = encode_manifest(empty);
  const std::size_t start = framed.size();
  put_fixed32(framed, static_cast<std::uint32_t>(size));
  const std::uint32_t crc = crc32c(input, crc32c(std::string_view(framed).substr(start)));
  put_fixed32(framed, crc);
  check(framed.append(input));
  return 0;
}
