#include "ingest/kafka/record_packer.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "ingest/refusal_reason.h"
#include "model/check.h"
#include "store/disk/sha256.h"

namespace tally::ingest {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::size_t kLineMax = Validator::kEventBytesMax + 1;
constexpr std::size_t kCapacity = RecordPacker::kBytesMax + RecordPacker::kRecordsMax + kLineMax;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

store::Sha256 bytes_of(const std::string& digest) {
  store::Sha256 bytes{};
  std::ranges::transform(digest, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

}  // namespace

RecordPacker::RecordPacker()
    : buffer_(std::make_unique_for_overwrite<char[]>(kCapacity + Validator::kPadding)) {}

void RecordPacker::begin(std::string source, UtcTime received) {
  source_ = std::move(source);
  received_ = received;
  accepted_bytes_ = 0;
  events_ = 0;
  records_ = 0;
  bytes_ = 0;
}

bool RecordPacker::full() const noexcept { return records_ >= kRecordsMax || bytes_ >= kBytesMax; }

/// What stands in one line is gathered: the validator looks at many lines at once for less than at
/// each by itself.
void RecordPacker::add(std::int64_t offset, std::optional<std::string_view> value) {
  TALLY_CHECK(!full());
  ++records_;
  if (!value) return refuse(offset, {}, "no event: the record has no value");
  bytes_ += value->size();
  if (trimmed(*value).empty()) {
    return refuse(offset, *value, "no event: the record's value is empty");
  }
  const bool plain = value->find_first_of("\r\n") == value->npos;
  const std::string_view event = plain ? *value : trimmed(*value);
  if (event.size() > Validator::kEventBytesMax) {
    return refuse(offset, event, too_large_reason(event, event.size()));
  }
  if (plain) return put(offset, event);
  validate_window(BodyForm::ndjson);
  put(offset, event);
  validate_window(BodyForm::object);
}

void RecordPacker::put(std::int64_t offset, std::string_view line) {
  TALLY_CHECK(accepted_bytes_ + window_bytes_ + line.size() < kCapacity);
  char* const at = buffer_.get() + accepted_bytes_ + window_bytes_;
  std::memcpy(at, line.data(), line.size());
  at[line.size()] = '\n';
  lines_.push_back({window_bytes_, offset});
  window_bytes_ += line.size() + 1;
}

void RecordPacker::validate_window(BodyForm form) {
  if (lines_.empty()) return;
  char* const window = buffer_.get() + accepted_bytes_;
  const Verdict& verdict = validator_.validate({window, window_bytes_}, form);
  if (verdict.lines.data() != window) {
    std::memmove(window, verdict.lines.data(), verdict.lines.size());
  }
  accepted_bytes_ += verdict.lines.size();
  events_ += verdict.count;
  add_runs(verdict);
  for (const Refusal& refusal : verdict.refusals) {
    store::RefusedEvent event = refused(offset_at(refusal.offset), refusal.reason);
    event.length = refusal.length;
    event.bytes = refusal.bytes;
    if (!refusal.sha256.empty()) event.sha256 = bytes_of(refusal.sha256);
    batch_.refused.push_back(std::move(event));
  }
  lines_.clear();
  window_bytes_ = 0;
}

/// The events of an extent are records that follow one another; their offsets may have gaps.
void RecordPacker::add_runs(const Verdict& verdict) {
  for (std::size_t i = 0; i < verdict.extents.size(); ++i) {
    const Extent& extent = verdict.extents[i];
    const bool last = i + 1 == verdict.extents.size();
    const std::uint32_t end = last ? verdict.count : verdict.extents[i + 1].first;
    const auto first = std::ranges::upper_bound(lines_, extent.offset, {}, &Line::begin) - 1;
    for (std::uint32_t event = 0; event < end - extent.first; ++event) {
      add_event(first[event].offset);
    }
  }
}

void RecordPacker::add_event(std::int64_t offset) {
  const auto at = static_cast<std::uint64_t>(offset);
  if (!batch_.runs.empty()) {
    Run& run = batch_.runs.back();
    if (run.offset + run.count == at) {
      ++run.count;
      return;
    }
  }
  Run run;
  run.count = 1;
  run.received = received_;
  run.kind = SourceKind::kafka;
  run.offset = at;
  run.source = source_;
  batch_.runs.push_back(std::move(run));
}

void RecordPacker::refuse(std::int64_t offset, std::string_view value, std::string reason) {
  // What was refused before comes first.
  validate_window(BodyForm::ndjson);
  store::RefusedEvent event = refused(offset, std::move(reason));
  event.length = value.size();
  event.bytes = value.substr(0, store::kRefusedBytesMax);
  if (event.bytes.size() < value.size()) event.sha256 = store::sha256_of(value);
  batch_.refused.push_back(std::move(event));
}

store::RefusedEvent RecordPacker::refused(std::int64_t offset, std::string reason) const {
  store::RefusedEvent event;
  event.reason = std::move(reason);
  event.received = received_;
  event.kind = SourceKind::kafka;
  event.offset = static_cast<std::uint64_t>(offset);
  event.source = source_;
  return event;
}

std::int64_t RecordPacker::offset_at(std::size_t byte) const {
  return (std::ranges::upper_bound(lines_, byte, {}, &Line::begin) - 1)->offset;
}

store::Batch RecordPacker::finish() {
  validate_window(BodyForm::ndjson);
  if (events_ > 0) {
    batch_.frames.push_back(encoder_.encode({buffer_.get(), accepted_bytes_}, events_));
  }
  return std::exchange(batch_, {});
}

}  // namespace tally::ingest
