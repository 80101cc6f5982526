#include "store/journal/commit_budget.h"

#include <algorithm>
#include <span>

#include "store/journal/checkpoint_codec.h"
#include "store/journal/journal_format.h"
#include "store/rejected/refused_codec.h"

namespace tally::store {
namespace {

// What the lists of a commit take at most when each is at its limit. Varints: 10 bytes for 64 bits,
// 5 for 32, 4 for what is below 2^28; names are stored once at most per use.
constexpr std::size_t kRunBytesMax = 4 + 10 + 1 + 1 + 10 + 3 + 3 + 2 * 2;
constexpr std::size_t kFrameBytesMax = (4 + 4 + 32) + (4 + 4);
constexpr std::size_t kKeyBytesMax = 2 + 32 + 32 + 10 + 4 + 4;
constexpr std::size_t kFramingBytesMax = 1024;
static_assert(kCommitRunsMax * kRunBytesMax + kCommitFramesMax * kFrameBytesMax +
                      kCommitKeysMax * kKeyBytesMax + 2 * kCommitNameBytesMax +
                      kCommitCheckpointBytesMax +
                      (kCommitRefusedBytesMax + kCommitRefusedBytesMax / 128) + kFramingBytesMax <=
                  kCommitHeaderBytesMax,
              "a header whose parts are within their limits must be so itself");

/// Lengths of a checkpoint's two texts.
constexpr std::size_t kCheckpointLengthsMax = 2 + 3;

}  // namespace

struct CommitBudget::Parts {
  std::size_t events;
  std::size_t frames;
  std::span<const Run> runs;
  std::span<const SourceCheckpoint> checkpoints;
  std::span<const IdempotencyKey> keys;
  std::span<const RefusedEvent> refused;
};

bool CommitBudget::add(const Batch& batch) noexcept {
  return add({event_count(batch), batch.frames.size(), batch.runs, batch.checkpoints, batch.keys,
              batch.refused});
}

bool CommitBudget::add(const CommitHeader& header) noexcept {
  return add({event_count(header), header.frames.size(), header.runs, header.checkpoints,
              header.keys, header.refused});
}

bool CommitBudget::add(const Parts& parts) noexcept {
  CommitBudget sum = *this;
  sum.events_ += parts.events;
  sum.frames_ += parts.frames;
  sum.runs_ += parts.runs.size();
  sum.keys_ += parts.keys.size();
  sum.checkpoints_ += parts.checkpoints.size();
  sum.refused_ += parts.refused.size();
  bool texts_fit = true;
  for (const Run& run : parts.runs) {
    sum.run_name_bytes_ += run.source.size() + run.client.size();
    texts_fit = texts_fit && std::max(run.source.size(), run.client.size()) <= kNameBytesMax;
  }
  for (const IdempotencyKey& key : parts.keys) {
    sum.key_name_bytes_ += key.client.size();
    texts_fit = texts_fit && key.client.size() <= kNameBytesMax;
  }
  for (const SourceCheckpoint& checkpoint : parts.checkpoints) {
    sum.checkpoint_bytes_ +=
        kCheckpointLengthsMax + checkpoint.source.size() + checkpoint.state.size();
    texts_fit = texts_fit && within_limits(checkpoint);
  }
  for (const RefusedEvent& event : parts.refused) {
    sum.refused_bytes_ += refused_bytes(event);
    texts_fit = texts_fit && within_limits(event);
  }
  if (!texts_fit || !sum.within_limits_of_format()) return false;
  *this = sum;
  return true;
}

bool CommitBudget::within_limits_of_format() const noexcept {
  return events_ <= kCommitEventsMax && frames_ <= kCommitFramesMax && runs_ <= kCommitRunsMax &&
         keys_ <= kCommitKeysMax && checkpoints_ <= kCommitCheckpointsMax &&
         refused_ <= kCommitRefusedMax && run_name_bytes_ <= kCommitNameBytesMax &&
         key_name_bytes_ <= kCommitNameBytesMax && checkpoint_bytes_ <= kCommitCheckpointBytesMax &&
         refused_bytes_ <= kCommitRefusedBytesMax;
}

}  // namespace tally::store
