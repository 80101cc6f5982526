// A whole segment file: footer, directory, schema, blocks, filter, and the audit of it all.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "store/segment/segment_reader.h"
#include "tests/support/bytes_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally;
  auto file =
      std::make_unique<tests::BytesFile>(std::string(reinterpret_cast<const char*>(data), size));
  auto opened = store::SegmentReader::open(std::move(file), "fuzz");
  if (!opened) return 0;
  store::SegmentReader& reader = opened.value();
  for (std::size_t i = 0; i < reader.blocks().size(); ++i) (void)reader.read_block(i);
  (void)reader.may_contain("web");
  (void)reader.audit();
  return 0;
}
