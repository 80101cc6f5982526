#include "ingest/quoted_excerpt.h"

#include "model/json_text.h"

namespace tally::ingest {

std::string quoted_excerpt(std::string_view text) {
  const bool whole = text.size() <= kExcerptMax;
  std::size_t length = whole ? text.size() : kExcerptMax;
  // A cut moves back to where a code point begins.
  while (!whole && length > kExcerptMax - 4 && (text[length] & 0xC0) == 0x80) --length;
  std::string out;
  append_json_string(out, text.substr(0, length));
  if (!whole) out.insert(out.size() - 1, "…");
  return out;
}

}  // namespace tally::ingest
