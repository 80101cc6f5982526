// Schema and parts of a block behind their checksums: what a hostile file can have that whoever
// makes it also computes the hashes of. The input is
//   text schema, varint events, varint lines_bytes, (varint part, text bytes)*

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "model/check.h"
#include "store/disk/crc32c.h"
#include "store/disk/field_codec.h"
#include "store/segment/block_decoder.h"
#include "store/segment/segment_format.h"
#include "tests/support/bytes_file.h"

namespace {

using namespace tally;

/// The block's header, CRCs right, and its parts.
std::pair<store::BlockHeader, std::string> read_block(store::ByteReader& in) {
  store::BlockHeader header;
  std::string parts;
  header.count = static_cast<std::uint32_t>(in.varint(store::kBlockEvents));
  header.lines_bytes = static_cast<std::uint32_t>(in.varint(64 * 1024));
  while (!in.at_end()) {
    const auto number = static_cast<std::uint32_t>(in.varint());
    const std::string_view bytes = in.text(64 * 1024);
    header.parts.push_back(
        {number, static_cast<std::uint32_t>(bytes.size()), store::crc32c(bytes)});
    parts += bytes;
  }
  return {std::move(header), std::move(parts)};
}

void decode(store::BlockDecoder& decoder, const store::SegmentSchema& schema,
            const store::BlockHeader& header) {
  const auto lines = decoder.lines();
  TALLY_CHECK(!lines || lines.value().size() == header.lines_bytes);
  const std::uint32_t rows[] = {0, header.count - 1};
  (void)decoder.lines(std::span(rows).first(header.count > 1 ? 2 : 1));
  (void)decoder.runs();
  (void)decoder.commits();
  (void)decoder.counts();
  for (std::uint32_t column = 0; column < schema.columns().size(); ++column) {
    if (store::id_bytes(schema.columns()[column]) == 0) continue;
    (void)decoder.id_heads(column);
    (void)decoder.id_tails(column);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  store::ByteReader in({reinterpret_cast<const char*>(data), size});
  const auto schema = store::SegmentSchema::decode(in.text(64 * 1024));
  if (!schema) return 0;
  auto [header, parts_bytes] = read_block(in);
  if (in.failed() || header.count == 0) return 0;
  tests::BytesFile file(std::move(parts_bytes));
  store::BlockParts parts(file, header, 0);
  store::BlockDecoder decoder(schema.value());
  if (decoder.begin(parts)) decode(decoder, schema.value(), header);
  return 0;
}
