#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.h"
#include "store/batch.h"
#include "store/disk/sha256.h"

namespace tally::ingest {

/// Which file, as the operating system numbers it. Numbers of deleted files are given out again.
struct FileId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend bool operator==(const FileId&, const FileId&) = default;
};

/// How far a file has been read, and how to know it again: a file of the same number whose bytes
/// before the offset are not the same is another file, or was cut off and written anew.
struct FilePosition {
  static constexpr std::size_t kHeadMax = 1024;
  static constexpr std::size_t kTailMax = 64;

  FileId id;
  std::uint64_t offset = 0;       ///< all before it is committed
  std::uint32_t head_length = 0;  ///< min(kHeadMax, offset) when the head was hashed
  store::Sha256 head{};           ///< of the first head_length bytes
  store::Sha256 tail{};           ///< of the min(kTailMax, offset) bytes before the offset

  friend bool operator==(const FilePosition&, const FilePosition&) = default;
};

/// One line of text: what the store keeps as the source's state.
std::string encode(const FilePosition& position);

/// Nothing if the text is of another version or damaged.
std::optional<FilePosition> decode_file_position(std::string_view text);

/// The checkpoint's source: the file's number and the path by which it is followed.
std::string checkpoint_source(const FileId& id, std::string_view path);

/// The path in such a source; nothing if the source is not a followed file.
std::optional<std::string> path_of_source(std::string_view source);

/// Whether the open file holds before `position.offset` what it held then.
bool has_bytes_of(int descriptor, const FilePosition& position);

/// Hashes up to `length` bytes at `offset`; shorter at the end of the file.
Result<store::Sha256> hash_range(int descriptor, std::uint64_t offset, std::size_t length);

}  // namespace tally::ingest
