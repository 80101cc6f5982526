#include "store/segment/leaf_content.h"

#include <array>
#include <bit>
#include <cstring>

#include "store/disk/field_codec.h"

namespace tally::store {
namespace {

/// PERF: once per event, so the bytes are put together first and appended in one piece.
char* put_word(char* out, std::uint64_t word) noexcept {
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(out, &word, sizeof word);
  return out + sizeof word;
}

}  // namespace

void put_leaf_head(std::string& out, Sequence sequence, const Run& run, std::uint64_t offset) {
  std::array<char, 3 * sizeof(std::uint64_t) + 1> head;
  char* end = put_word(head.data(), to_number(sequence));
  end = put_word(end, static_cast<std::uint64_t>(run.received.time_since_epoch().count()));
  *end++ = static_cast<char>(run.kind);
  put_word(end, offset);
  out.append(head.data(), head.size());
}

void put_leaf_names(std::string& out, const Run& run) {
  put_text(out, run.source);
  put_text(out, run.client);
}

}  // namespace tally::store
