#include "shipper/loki/push_gatherer.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tally::shipper {
namespace {

using store::FieldSet;

constexpr FieldSet kWanted = FieldSet::time | FieldSet::service | FieldSet::operation |
                             FieldSet::container | FieldSet::success;

/// How far behind its stream's newest Loki takes an entry, and how far apart a batch keeps them.
constexpr std::chrono::hours kBehindMax{1};
constexpr std::chrono::minutes kSpanMax{20};

constexpr std::size_t kLabelValueMax = 2048;

/// Past that many, twice what Loki allows a tenant, streams are forgotten, and with them only what
/// they say of times.
constexpr std::size_t kStreamsMax = 10'000;

/// What is known of a stream takes about so many bytes.
constexpr std::uint64_t kStreamBytes = 512;

std::string_view success_text(bool success) { return success ? "true" : "false"; }

}  // namespace

void PushGatherer::add(const store::Chunk& events) {
  store::for_each_line(events, [this](const store::EventLine& event) {
    add_event(event);
    return true;
  });
}

void PushGatherer::end_batch() {
  if (batch_ == nullptr) return;
  text_bytes_ = std::max(text_bytes_, batch_->text.size());
  entries_ = std::max(entries_, batch_->entries.size());
  ended_.push_back(std::move(batch_));
}

std::uint64_t PushGatherer::memory_bytes() const {
  return streams_.size() * kStreamBytes + (batch_ != nullptr ? batch_->memory_bytes() : 0);
}

// PERF: a batch that grows as it is filled leaves pieces of half its size, and a quarter, in a heap
// whose batches come and go: that took half as much memory again.
PushBatch& PushGatherer::batch() {
  if (batch_ == nullptr) {
    batch_ = std::make_unique<PushBatch>();
    batch_->text.reserve(text_bytes_);
    batch_->entries.reserve(entries_);
    ++number_;
  }
  return *batch_;
}

void PushGatherer::add_event(const store::EventLine& event) {
  if (event.line.size() > mapping_.max_line_bytes) {
    return refuse(event, "the line is longer than " + std::to_string(mapping_.max_line_bytes) +
                             " bytes (max_line)");
  }
  const store::EventFields* fields = reader_.read(event.line, kWanted);
  if (fields == nullptr) return refuse(event, "the line is no event");
  if ((mapping_.service_label && fields->service.size() > kLabelValueMax) ||
      (mapping_.operation_label && fields->operation.size() > kLabelValueMax)) {
    return refuse(event, "a label's value would be longer than 2048 bytes");
  }
  append(event, *fields);
}

void PushGatherer::refuse(const store::EventLine& event, std::string_view reason) {
  PushBatch& into = batch();
  into.refused.push_back(
      {event.sequence, event.run->received, std::string(event.line), std::string(reason)});
  into.end = advance(event.sequence, 1);
}

void PushGatherer::append(const store::EventLine& event, const store::EventFields& fields) {
  if (streams_.size() > kStreamsMax) streams_.clear();
  Stream& stream = streams_[stream_key(fields)];
  const UtcTime time = fields.time.utc;
  const bool behind = stream.newest != UtcTime::min() && time < stream.newest - kBehindMax;
  const std::string_view container = fields.container.value_or(std::string_view());
  const std::uint64_t bytes = entry_bytes_max(mapping_.format, event.line, container);

  PushBatch& into = batch_for(stream, time, behind, bytes);
  if (stream.batch != number_) {
    stream.batch = number_;
    stream.index = static_cast<std::uint32_t>(into.streams.size());
    stream.oldest = UtcTime::max();
    if (stream.labels == nullptr) stream.labels = labels_of(fields);
    into.streams.push_back(stream.labels);
    into.body_bytes += stream_bytes_max(*stream.labels);
  }
  PushEntry entry;
  entry.sequence = event.sequence;
  entry.time = time;
  entry.received = event.run->received;
  entry.stream = stream.index;
  entry.line = add_text(event.line);
  entry.container = add_text(container);
  entry.has_container = fields.container.has_value();
  entry.success = fields.success;
  entry.behind = behind;
  into.entries.push_back(entry);
  into.body_bytes += bytes;
  into.end = advance(event.sequence, 1);
  if (!behind) note_time(stream, time);
}

/// The batch being filled, or a new one if the event does not fit into that.
PushBatch& PushGatherer::batch_for(Stream& stream, UtcTime time, bool behind, std::uint64_t bytes) {
  constexpr std::uint64_t kNewStream = 4096;  // what its labels may take, mostly
  const bool is_new = stream.batch != number_;
  const bool full = batch().body_bytes + bytes + (is_new ? kNewStream : 0) > mapping_.batch_bytes;
  const bool apart =
      !is_new && !behind && stream.oldest != UtcTime::max() && time > stream.oldest + kSpanMax;
  if (!batch().entries.empty() && (full || apart)) end_batch();
  return batch();
}

void PushGatherer::note_time(Stream& stream, UtcTime time) {
  stream.newest = std::max(stream.newest, time);
  stream.oldest = std::min(stream.oldest, time);
  batch_->newest = std::max(batch_->newest, time);
  batch_->oldest = std::min(batch_->oldest, time);
}

/// Not printable, but short of copies of the names.
std::string PushGatherer::stream_key(const store::EventFields& fields) const {
  std::string key;
  if (mapping_.service_label) key.append(fields.service);
  key += '\0';
  if (mapping_.operation_label) key.append(fields.operation);
  key += '\0';
  if (mapping_.success_label) key += fields.success ? '1' : '0';
  return key;
}

std::shared_ptr<const StreamLabels> PushGatherer::labels_of(
    const store::EventFields& fields) const {
  StreamLabels labels = mapping_.labels;
  if (mapping_.service_label) labels.emplace_back("service", fields.service);
  if (mapping_.operation_label) labels.emplace_back("operation", fields.operation);
  if (mapping_.success_label) labels.emplace_back("success", success_text(fields.success));
  std::ranges::sort(labels);
  return std::make_shared<const StreamLabels>(std::move(labels));
}

TextPart PushGatherer::add_text(std::string_view text) {
  std::string& all = batch_->text;
  const TextPart part{static_cast<std::uint32_t>(all.size()),
                      static_cast<std::uint32_t>(text.size())};
  all += text;
  return part;
}

}  // namespace tally::shipper
