#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/clock.h"
#include "model/result.h"
#include "model/sequence.h"
#include "store/batch.h"
#include "store/disk/file_system.h"
#include "store/store_id.h"

namespace tally::store {

/// When an acknowledgement may be given.
enum class Durability : std::uint8_t {
  disk,  ///< after fdatasync: survives a power cut
  os,    ///< after write: survives the process, not the machine
};

/// What is kept of the segments; past any of these the oldest go.
struct RetentionLimits {
  std::optional<std::chrono::nanoseconds> age_max;  ///< since a segment's last event came in
  std::optional<std::uint64_t> bytes_max;           ///< of all segments together
  bool past_sinks = false;                          ///< also what a sink has not got yet
};

struct StoreOptions {
  Path directory;
  std::string address;  ///< written into LOCK, so that others can be told where to post instead
  Durability durability = Durability::disk;
  std::uint64_t file_bytes = 64 * 1024 * 1024;  ///< of a journal file, zeros written ahead
  std::uint64_t file_events_max = 1024 * 1024;  ///< rotation
  std::chrono::nanoseconds file_age_max = std::chrono::hours{24};
  std::size_t queue_bytes_max = 64 * 1024 * 1024;  ///< batches waiting to be committed
  /// Refused events that are kept, as stored; of one client a quarter at most.
  std::uint64_t rejected_bytes_max = 256 * 1024 * 1024;
  RetentionLimits retention;
  /// The used share of the disk from which on events are refused; 100: no limit.
  std::uint64_t disk_percent_max = 95;
};

/// The sequences that a committed batch was given: `count` from `first`; none if count is 0.
struct CommitRange {
  Sequence first{};
  std::uint64_t count = 0;
};

/// What the batch came to. On success it is durable. Errc::overloaded, no_space or io: nothing was
/// taken, and a later retry cannot double it; no_space comes at the disk limit, too.
/// Errc::indeterminate: only a look at the store tells, so nothing may be answered; but the same
/// batch may be submitted to the same Store again, whose next commit begins with cutting off what
/// is unknown.
using CommitResult = Result<CommitRange>;

/// Called exactly once per batch, on the committer's thread; must not block.
using Committed = std::function<void(const CommitResult&)>;

/// What sealing came to; called exactly once, on the sealer's thread; must not block.
using Sealed = std::function<void(const Result<void>&)>;

/// Bytes of a file that do not hold what was written, and the events that were there. No bytes: the
/// file as a whole cannot be read, or is not there.
struct CorruptRange {
  Path path;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  Sequence first_lost{};  ///< 0: which events were there is unknown
  std::uint64_t events_lost = 0;
  bool before_file = false;  ///< the file is whole, but what should come before it is nowhere
};

/// What opening the store found.
struct RecoveryReport {
  std::uint64_t files = 0;
  std::uint64_t events = 0;
  /// Of writes that a crash cut off; nothing acknowledged was in them.
  std::uint64_t torn_bytes = 0;
  std::vector<CorruptRange> corrupt;
};

/// What a sink keeps retention from.
struct HeldBySink {
  std::string name;
  Sequence next{};          ///< the first event that it has not got
  std::uint64_t bytes = 0;  ///< of the segments that hold what it has not got
};

struct RetentionStats {
  std::uint64_t segments_removed = 0;  ///< since the start
  std::uint64_t held_removed = 0;      ///< of these, such as a reader held: at the disk limit
  std::uint64_t bytes_removed = 0;
  std::vector<HeldBySink> sinks;
};

/// How far the journal has become segments.
struct SealStats {
  std::uint64_t segments = 0;
  std::uint64_t segment_bytes = 0;
  std::uint64_t backlog_files = 0;     ///< rotated journal files that are still to be sealed
  std::uint64_t damaged_files = 0;     ///< of these, damaged or not to be read
  std::uint64_t failures = 0;          ///< attempts, since the start
  std::uint64_t rejected_dropped = 0;  ///< refused events, since the start, for want of room
  RetentionStats retention;
};

/// How full the disk is, as of the last look at it.
struct DiskStats {
  std::uint64_t available = 0;  ///< bytes that can still be written
  double percent_used = 0;
  bool refusing = false;  ///< too full for new events
};

/// Counters for /metrics; a snapshot.
struct StoreStats {
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
  std::uint64_t commits = 0;
  std::uint64_t commit_failures = 0;
  std::uint64_t stored_bytes = 0;
  std::uint64_t queue_bytes = 0;
  std::uint64_t file_number = 0;  ///< of the journal file being written
  double sync_seconds_total = 0;
  double sync_seconds_max = 0;
  SealStats seal;
  DiskStats disk;
};

/// The one writing owner of a store directory: takes batches from any thread, commits them in
/// groups (one write and one sync each), and says when they are durable. It runs a committer
/// thread, a thread that writes the next journal file ahead, and one that turns rotated journal
/// files into segments.
class Store {
 public:
  /// Opens or creates the store and brings it to a state that can be written to, whatever crash
  /// came before. Errc::held names the process that has it. `files` and `clock` must outlive the
  /// store.
  static Result<std::unique_ptr<Store>> open(FileSystem& files, const Clock& clock,
                                             const StoreOptions& options);

  /// Drains and closes.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Queues a batch. Thread-safe. Past queue_bytes_max (Errc::overloaded) and at the disk limit
  /// (Errc::no_space) it is refused at once, on the caller's thread.
  void submit(Batch batch, Committed done);

  /// Rotates the journal and seals all that is committed by now. Thread-safe. `done` may come on
  /// the committer's thread if not even the rotation succeeds.
  void seal(Sealed done);

  /// Gives up sealing for good: what is left is sealed when the store is opened next. Requests that
  /// wait are answered (Errc::overloaded).
  void stop_sealing();

  /// Commits what is queued, refuses what comes after (Errc::overloaded). Idempotent.
  void close();

  /// Names another address in LOCK, such as the port that the system chose.
  Result<void> set_address(std::string address);

  const StoreId& id() const noexcept;
  const RecoveryReport& recovery() const noexcept;

  /// The newest committed checkpoint of every source. Thread-safe.
  std::vector<SourceCheckpoint> checkpoints() const;

  /// One past the last durable event. Thread-safe.
  Sequence next_sequence() const noexcept;

  /// Whether a commit made now would be likely to succeed. Thread-safe.
  bool healthy() const noexcept;

  /// Whether the disk is too full for new events. The store goes on by itself when it is not any
  /// more. Thread-safe.
  bool disk_full() const noexcept;

  StoreStats stats() const;

 private:
  struct Parts;
  explicit Store(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tally::store
