#include "ingest/overlong_line.h"

#include <algorithm>

#include "ingest/refusal_reason.h"

namespace tally::ingest {

bool OverlongLine::take(std::string_view bytes) {
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  const bool ended = end < bytes.size();
  next_ += ended ? end + 1 : end;
  std::string_view content = bytes.substr(0, end);
  if (carriage_return_ && !content.empty()) {
    add("\r");
    carriage_return_ = false;
  }
  if (content.ends_with('\r')) {
    carriage_return_ = true;
    content.remove_suffix(1);
  }
  add(content);
  return ended;
}

store::RefusedEvent OverlongLine::finish() {
  store::RefusedEvent refused;
  refused.reason = too_large_reason(start_, length_);
  refused.kind = SourceKind::file;
  refused.offset = begin_;
  refused.length = length_;
  const std::string digest = hash_.finish();
  std::ranges::transform(digest, refused.sha256.begin(),
                         [](char c) { return static_cast<std::byte>(c); });
  refused.bytes = std::move(start_);
  return refused;
}

void OverlongLine::add(std::string_view bytes) {
  length_ += bytes.size();
  hash_.update(bytes);
  start_ += bytes.substr(0, store::kRefusedBytesMax - start_.size());
}

}  // namespace tally::ingest
