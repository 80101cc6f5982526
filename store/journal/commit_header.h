#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/provenance.h"
#include "model/result.h"
#include "model/sequence.h"
#include "store/batch.h"

namespace tally::store {

/// What the chain keeps of a data frame.
struct FrameDigest {
  std::uint32_t count = 0;        ///< events, at least one
  std::uint32_t lines_bytes = 0;  ///< LFs included
  Sha256 lines_sha256{};

  friend bool operator==(const FrameDigest&, const FrameDigest&) = default;
};

/// Where a data frame is in the file: the frames follow the header in order.
struct StoredFrame {
  std::uint32_t bytes = 0;  ///< of the zstd frame
  std::uint32_t crc = 0;    ///< crc32c(frame, crc_seed(salt))

  friend bool operator==(const StoredFrame&, const StoredFrame&) = default;
};

/// What stands before the data frames of a commit; docs/format/journal.md.
/// Invariants: `frames` and `stored` are equally long; the counts of `frames` and of `runs` have
/// the same sum, which may be 0; every key's events lie within it.
struct CommitHeader {
  // The core: what the hash chain covers and what outlives the journal.
  Sequence first{};
  std::vector<Run> runs;
  std::vector<FrameDigest> frames;
  Sha256 previous_core{};

  // The attachments: what only the live journal needs.
  std::vector<StoredFrame> stored;
  std::vector<SourceCheckpoint> checkpoints;
  std::vector<IdempotencyKey> keys;
  std::vector<RefusedEvent> refused;

  friend bool operator==(const CommitHeader&, const CommitHeader&) = default;
};

/// Events of the commit.
std::uint64_t event_count(const CommitHeader& header) noexcept;

/// Bytes of the data frames behind the header.
std::uint64_t data_bytes(const CommitHeader& header) noexcept;

struct EncodedCommit {
  std::string_view bytes;  ///< the whole skippable frame; valid until the encoder's next call
  Sha256 core_hash{};      ///< previous_core of the next commit
};

/// Writes commit headers. One per thread: it keeps buffers and contexts.
class CommitEncoder {
 public:
  CommitEncoder();
  ~CommitEncoder();
  CommitEncoder(CommitEncoder&&) noexcept;
  CommitEncoder& operator=(CommitEncoder&&) noexcept;

  /// `salt` is that of the file it goes into. Errc::too_large if the header is past a limit of the
  /// format, which CommitBudget tells beforehand. A broken invariant is a defect of the caller.
  Result<EncodedCommit> encode(const CommitHeader& header, std::uint64_t salt);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What a header says of itself before the rest of it is read.
struct CommitPrefix {
  std::size_t header_bytes = 0;  ///< of the whole skippable frame
  std::size_t core_bytes = 0;
  std::uint32_t crc = 0;  ///< of the prefix; the CRC of the body goes on from it
};

/// Reads the first kCommitPrefixBytes of a header; its own salted CRC makes the lengths trustworthy
/// before anything is allocated. Errc::corruption, Errc::unsupported.
Result<CommitPrefix> decode_commit_prefix(std::string_view bytes, std::uint64_t salt);

struct DecodedCommit {
  CommitHeader header;
  Sha256 core_hash{};
};

/// Reads commit headers. One per thread: it keeps buffers and contexts. Trusts nothing: whatever
/// the bytes are, it neither crashes nor allocates more than the limits of the format.
class CommitDecoder {
 public:
  /// Whether decode() unpacks the refused events (the default) or leaves `refused` empty.
  void keep_refused(bool keep) noexcept { keep_refused_ = keep; }

  /// `bytes` is the whole header, as long as its prefix says. Errc::corruption: it is not what was
  /// written; Errc::unsupported: a newer version wrote it.
  Result<DecodedCommit> decode(std::string_view bytes, std::uint64_t salt) const;

 private:
  bool keep_refused_ = true;
};

}  // namespace tally::store
