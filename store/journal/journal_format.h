#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/disk/crc32c.h"
#include "store/journal/frame_encoder.h"

/// The journal's constants, shared by writer and reader; docs/format/journal.md explains them.
/// All are on disk: do not change one without a new version.
namespace tally::store {

/// Magic numbers of zstd skippable frames: what `zstdcat` passes over.
inline constexpr std::uint32_t kFileHeaderMagic = 0x184D2A54;
inline constexpr std::uint32_t kCommitMagic = 0x184D2A55;
inline constexpr std::uint32_t kRestMagic = 0x184D2A56;

/// Our own tags, because others use skippable frames too; the version follows in the fourth byte.
inline constexpr std::string_view kFileHeaderTag = "TLF";
inline constexpr std::string_view kCommitTag = "TLC";
inline constexpr std::uint8_t kJournalVersion = 1;

/// magic, size: how every skippable frame begins.
inline constexpr std::size_t kSkippableBytes = 4 + 4;
/// magic, size, tag, version.
inline constexpr std::size_t kFileHeaderPrefixBytes = kSkippableBytes + 4;
/// magic, size, tag, version, length of the core, CRC of these.
inline constexpr std::size_t kCommitPrefixBytes = kSkippableBytes + 4 + 4 + 4;
inline constexpr std::size_t kCrcBytes = 4;
inline constexpr std::size_t kRestHeaderBytes = kSkippableBytes;

/// Types of fields, in the order in which they are written.
enum class FileHeaderField : std::uint8_t {
  store = 0x01,
  number = 0x02,
  first = 0x03,
  previous_core = 0x04,
  salt = 0x05,
  created = 0x06,
  last_received = 0x07,
  checkpoints = 0x08,
};
enum class CoreField : std::uint8_t {
  first = 0x01,
  previous_core = 0x02,
  names = 0x03,
  runs = 0x04,
  frames = 0x05,
};
enum class AttachmentField : std::uint8_t {
  stored = 0x01,
  checkpoints = 0x02,
  keys = 0x03,
  refused = 0x04,
};

/// Limits: what a reader accepts, and so what a writer may write. Whole headers:
inline constexpr std::size_t kFileHeaderBytesMax = 16 * 1024 * 1024;
inline constexpr std::size_t kCommitHeaderBytesMax = 48 * 1024 * 1024;
/// A name: source or client.
inline constexpr std::size_t kNameBytesMax = 4 * 1024;
/// Of a line end in a file: CR LF.
inline constexpr std::uint8_t kLineEndMax = 2;
inline constexpr std::size_t kReasonBytesMax = 4 * 1024;
inline constexpr std::size_t kCheckpointStateBytesMax = 64 * 1024;
/// Of a commit; CommitBudget keeps writers within them:
inline constexpr std::size_t kCommitEventsMax = 16 * 1024 * 1024;
inline constexpr std::size_t kCommitFramesMax = 16 * 1024;
inline constexpr std::size_t kCommitRunsMax = 64 * 1024;
inline constexpr std::size_t kCommitKeysMax = 64 * 1024;
inline constexpr std::size_t kCommitCheckpointsMax = 64 * 1024;
inline constexpr std::size_t kCommitCheckpointBytesMax = 4 * 1024 * 1024;
/// The names of all runs, and those of all keys; each counts as often as it is used.
inline constexpr std::size_t kCommitNameBytesMax = 4 * 1024 * 1024;
/// Refused events before compression: room for the largest request body, and what is said about it.
inline constexpr std::size_t kCommitRefusedBytesMax = 24 * 1024 * 1024;
inline constexpr std::size_t kCommitRefusedMax = 64 * 1024;
/// Of the snapshot in a file header.
inline constexpr std::size_t kSnapshotCheckpointsMax = 64 * 1024;
/// Of one stored data frame: kFrameLinesMax and what zstd may add.
inline constexpr std::size_t kFrameStoredMax = kFrameLinesMax + kFrameLinesMax / 128;
/// Of a file: the rest's size is 32 bits wide.
inline constexpr std::uint64_t kJournalFileBytesMax = std::uint64_t{2} * 1024 * 1024 * 1024;

/// What the CRCs of a file's commits and data frames start from.
std::uint32_t crc_seed(std::uint64_t salt) noexcept;

/// The skippable header over the zeros that remain when `bytes_left` bytes of the file are unused,
/// at least kRestHeaderBytes. With fewer left the file has to end there.
std::string encode_rest(std::uint64_t bytes_left);

}  // namespace tally::store
