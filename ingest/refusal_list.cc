#include "ingest/refusal_list.h"

#include <utility>

namespace tally::ingest {
namespace {

constexpr std::size_t kKeptMax = Validator::kEventBytesMax;

}  // namespace

void RefusalList::start() noexcept {
  list_.clear();
  merged_ = 0;
}

void RefusalList::add(std::uint32_t line, std::uint64_t offset, std::string_view event,
                      std::string reason) {
  if (list_.size() >= Validator::kRefusalsMax) return merge(line, offset, event, reason);
  Refusal refusal{
      line, offset, std::move(reason), event.size(), std::string(event.substr(0, kKeptMax)), {}};
  if (event.size() > kKeptMax) {
    hash_.update(event);
    refusal.sha256 = hash_.finish();
  }
  list_.push_back(std::move(refusal));
}

void RefusalList::merge(std::uint32_t line, std::uint64_t offset, std::string_view event,
                        const std::string& reason) {
  if (merged_++ == 0) list_.push_back({line, offset, reason, 0, {}, {}});
  Refusal& rest = list_.back();
  for (const std::string_view part : {event, std::string_view("\n")}) {
    rest.length += part.size();
    rest.bytes += part.substr(0, kKeptMax - rest.bytes.size());
    hash_.update(part);
  }
}

void RefusalList::finish() {
  if (merged_ == 0) return;
  Refusal& rest = list_.back();
  std::string digest = hash_.finish();
  if (rest.length > kKeptMax) rest.sha256 = std::move(digest);
  rest.events = merged_;
  if (merged_ == 1) return;
  rest.reason = "this and " + std::to_string(merged_ - 1) +
                " more events from here on were refused, kept as one; this one: " + rest.reason;
}

}  // namespace tally::ingest
