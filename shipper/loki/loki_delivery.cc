#include "shipper/loki/loki_delivery.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <utility>

namespace tally::shipper {

LokiDelivery::LokiDelivery(const LokiShared& shared, std::stop_token stop)
    : shared_(shared),
      stop_(std::move(stop)),
      sender_(*shared.options, stop_),
      encoder_(shared.options->mapping.format, shared.store) {}

Result<bool> LokiDelivery::deliver(PushBatch& batch) {
  batch_ = &batch;
  refused_unknown_ = 0;
  parts_.clear();
  if (!batch.entries.empty()) parts_.push_back({0, batch.entries.size()});
  while (!parts_.empty()) {
    const Part part = parts_.back();
    parts_.pop_back();
    const auto answer = send(part);
    if (!answer) return false;
    if (answer->verdict == Verdict::stop) {
      return Error{Errc::invalid, "Loki at " + net::authority(shared_.options->url) +
                                      " refuses everything: " + answer->reason};
    }
    take_apart(part, *answer);
  }
  // One entry may well be odd. That all of them are, each in a way that Loki has no words for, says
  // more about the receiver.
  if (refused_unknown_ > 1 && refused_unknown_ == batch.entries.size()) {
    return Error{Errc::invalid, "Loki at " + net::authority(shared_.options->url) +
                                    " refuses all " + std::to_string(refused_unknown_) +
                                    " events of a batch: " + batch.refused.back().reason};
  }
  return true;
}

/// Sends a part, the same bytes again and again, until there is an answer that more of the same
/// would not change. Nothing: a stop was asked for.
std::optional<LokiAnswer> LokiDelivery::send(Part part) {
  const std::string& body = encoder_.encode(*batch_, entries(part));
  while (shared_.pace->enter(stop_)) {
    if (!wait_for_streams(part)) return std::nullopt;
    if (!shared_.pace->wait_for_bytes(body.size(), stop_)) return std::nullopt;
    const auto begun = std::chrono::steady_clock::now();
    LokiAnswer answer = sender_.push(body, encoder_.content_type(), encoder_.content_encoding());
    const bool again = answer.verdict == Verdict::retry;
    if (again && stop_.stop_requested()) return std::nullopt;
    if (again) {
      note_failure(begun, answer);
    } else {
      note_answer();
    }
    if (answer.verdict == Verdict::stored) note_stored(part);
    shared_.pace->leave();
    if (!again) return answer;
  }
  return std::nullopt;
}

/// False: a stop was asked for. Loki counts lines and their metadata.
bool LokiDelivery::wait_for_streams(Part part) {
  if (!shared_.streams->limited()) return true;
  constexpr std::uint64_t kMetadataBytes = 80;  // store, seq and level
  std::map<std::uint32_t, std::uint64_t> bytes;
  for (const PushEntry& entry : entries(part)) {
    bytes[entry.stream] += entry.line.bytes + entry.container.bytes + kMetadataBytes;
  }
  std::vector<StreamPace::Share> shares;
  shares.reserve(bytes.size());
  for (const auto& [stream, of_stream] : bytes) {
    shares.emplace_back(label_text(*batch_->streams[stream]), of_stream);
  }
  return shared_.pace->wait_until(shared_.streams->book(shares, std::chrono::steady_clock::now()),
                                  stop_);
}

void LokiDelivery::note_stored(Part part) {
  std::uint64_t bytes = 0;
  for (const PushEntry& entry : entries(part)) bytes += entry.line.bytes;
  shared_.counters->delivered(part.size(), bytes);
}

/// A refusal too is the answer of somebody who is there.
void LokiDelivery::note_answer() {
  shared_.counters->healed();
  if (shared_.pace->succeeded()) spdlog::info("sink " + shared_.sink + ": goes on");
}

void LokiDelivery::note_failure(SendPace::Time begun, const LokiAnswer& answer) {
  shared_.counters->retrying(answer.reason);
  shared_.streams->learn(answer.stream_bytes_per_second);
  if (shared_.pace->failed(begun, answer.retry_after)) {
    spdlog::warn("sink " + shared_.sink +
                 ": trying again for as long as it takes: " + answer.reason);
  }
}

void LokiDelivery::take_apart(Part part, const LokiAnswer& answer) {
  if (answer.verdict == Verdict::stored) return;
  if (answer.verdict == Verdict::refused && restamp(part, answer)) return;
  if (part.size() > 1) return split(part);
  const PushEntry& entry = batch_->entries[part.begin];
  if (answer.verdict == Verdict::refused && !answer.known) ++refused_unknown_;
  refuse(entry, answer.reason);
}

/// In two, of which the first is sent first. What is known to be behind its stream goes apart from
/// what is not: that is what is refused most often, and it may be a lot.
void LokiDelivery::split(Part part) {
  const auto all = entries(part);
  const auto behind = std::stable_partition(all.begin(), all.end(),
                                            [](const PushEntry& entry) { return !entry.behind; });
  std::size_t middle = part.begin + static_cast<std::size_t>(behind - all.begin());
  if (middle == part.begin || middle == part.end) middle = part.begin + part.size() / 2;
  parts_.push_back({middle, part.end});
  parts_.push_back({part.begin, middle});
}

/// Gives a part whose times are what is refused, all of them, its times of receipt, and has it sent
/// again. False: that is not so, or it has them already.
bool LokiDelivery::restamp(Part part, const LokiAnswer& answer) {
  const bool all_late = answer.late && (part.size() == 1 || answer.refused_count == part.size());
  const auto all = entries(part);
  const auto has_been = [](const PushEntry& entry) { return entry.restamped; };
  if (shared_.options->late != LateEvents::restamp || !all_late) return false;
  if (std::ranges::any_of(all, has_been)) return false;
  for (PushEntry& entry : all) {
    entry.time = entry.received;
    entry.restamped = true;
  }
  parts_.push_back(part);
  return true;
}

void LokiDelivery::refuse(const PushEntry& entry, const std::string& reason) {
  batch_->refused.push_back(
      {entry.sequence, entry.received, std::string(batch_->view(entry.line)), reason});
}

std::span<PushEntry> LokiDelivery::entries(Part part) const {
  return std::span(batch_->entries).subspan(part.begin, part.size());
}

}  // namespace tally::shipper
