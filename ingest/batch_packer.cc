#include "ingest/batch_packer.h"

#include <cstring>
#include <string_view>
#include <utility>

#include "model/check.h"

namespace tally::ingest {
namespace {

constexpr std::size_t kCapacity = kFrameBytes + BatchPacker::kBodyBytesMax;

}  // namespace

BatchPacker::BatchPacker()
    : lines_(std::make_unique_for_overwrite<char[]>(kCapacity + Validator::kPadding)) {}

bool BatchPacker::has_room(std::size_t body_bytes) const noexcept {
  // One more for the LF that the last line of a body may lack.
  return lines_bytes_ + body_bytes + 1 <= kCapacity && lines_bytes_ < kFrameBytes;
}

std::span<char> BatchPacker::room(std::size_t body_bytes) noexcept {
  return {lines_.get() + lines_bytes_, body_bytes};
}

void BatchPacker::add(const Verdict& verdict, const BodyOrigin& origin) {
  char* const end = lines_.get() + lines_bytes_;
  TALLY_CHECK(lines_bytes_ + verdict.lines.size() <= kCapacity);
  if (verdict.lines.data() != end) {
    std::memmove(end, verdict.lines.data(), verdict.lines.size());
  }
  lines_bytes_ += verdict.lines.size();
  events_ += verdict.count;
  ++bodies_;
  append_provenance(verdict, origin, batch_);
}

store::Batch BatchPacker::take(store::FrameEncoder& encoder) {
  if (events_ > 0) {
    batch_.frames.push_back(encoder.encode({lines_.get(), lines_bytes_}, events_));
  }
  lines_bytes_ = 0;
  events_ = 0;
  bodies_ = 0;
  return std::exchange(batch_, {});
}

}  // namespace tally::ingest
