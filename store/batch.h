#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/provenance.h"
#include "model/sequence.h"
#include "model/time.h"

namespace tally::store {

using Sha256 = std::array<std::byte, 32>;

/// One zstd frame of whole event lines, each ended by LF: the unit that the journal stores and a
/// cursor decodes. Made by FrameEncoder on the thread that took the events in.
struct DataFrame {
  std::uint32_t count = 0;        ///< events, at least one
  std::uint32_t lines_bytes = 0;  ///< length of the lines, their LFs included
  Sha256 lines_sha256{};          ///< of the lines, their LFs included
  std::string stored;             ///< the zstd frame
};

/// What was refused and why; kept in the journal beside the accepted events.
struct RefusedEvent {
  std::string reason;  ///< for people; names line and field
  UtcTime received{};
  SourceKind kind = SourceKind::http;
  std::uint64_t offset = 0;  ///< of its first byte where the source has offsets
  std::string source;
  std::string client;
  std::uint64_t length = 0;  ///< of the whole event, which `bytes` may hold only the start of
  std::string bytes;         ///< the first kRefusedBytesMax at most
  Sha256 sha256{};           ///< of the whole event; zeros unless `bytes` was cut

  friend bool operator==(const RefusedEvent&, const RefusedEvent&) = default;
};

/// How much of a refused event is kept.
inline constexpr std::size_t kRefusedBytesMax = 64 * 1024;

/// How far a source has been read; committed in the same write as the events that it produced.
struct SourceCheckpoint {
  std::string source;  ///< the key: one checkpoint per source, the newest counts
  std::string state;   ///< opaque to the store; empty: forget the source

  friend bool operator==(const SourceCheckpoint&, const SourceCheckpoint&) = default;
};

/// A request's Idempotency-Key with what its answer is recomputed from.
struct IdempotencyKey {
  std::string client;
  Sha256 key_sha256{};
  Sha256 body_sha256{};
  UtcTime received{};
  std::uint32_t first_event = 0;  ///< index of the request's first event within the batch
  std::uint32_t count = 0;        ///< of its accepted events

  friend bool operator==(const IdempotencyKey&, const IdempotencyKey&) = default;
};

/// Everything that is committed in one piece: wholly present after a crash, or not at all.
/// Invariants: the counts of `frames` and of `runs` have the same sum; a run whose events have
/// offsets lies within one frame.
struct Batch {
  std::vector<DataFrame> frames;
  std::vector<Run> runs;
  std::vector<RefusedEvent> refused;
  std::vector<SourceCheckpoint> checkpoints;
  std::vector<IdempotencyKey> keys;
};

/// Events in the batch.
std::uint64_t event_count(const Batch& batch) noexcept;

/// Whether the invariants hold.
bool is_consistent(const Batch& batch) noexcept;

/// Bytes that the batch holds in memory, near enough to bound a queue with.
std::size_t memory_bytes(const Batch& batch) noexcept;

}  // namespace tally::store
