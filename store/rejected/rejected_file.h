#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/batch.h"
#include "store/disk/file_system.h"
#include "store/paths.h"
#include "store/rejected/refused_codec.h"
#include "store/rejected/rejected_pack.h"

namespace tally::store {

/// Reads one file of refused events, pack by pack: one is in memory at a time. Not thread-safe.
class RejectedFileReader {
 public:
  /// Errc::not_found: nothing of that journal file was refused, or it is gone. Errc::corruption,
  /// Errc::unsupported.
  static Result<RejectedFileReader> open(FileSystem& files, const StorePaths& paths,
                                         std::uint64_t number);

  const RejectedHeader& header() const noexcept { return header_; }

  /// The next pack, or nothing at the end. After Errc::corruption nothing more can be read.
  Result<std::optional<RejectedPack>> next();

 private:
  RejectedFileReader(std::unique_ptr<File> file, Path path);

  std::unique_ptr<File> file_;
  Path path_;
  RejectedHeader header_;
  std::uint64_t offset_ = 0;
  std::uint64_t size_ = 0;
};

/// Writes one file of refused events under a temporary name, and puts it in its place when it is
/// whole: doing so once more makes the same file. Not thread-safe.
class RejectedFileWriter {
 public:
  RejectedFileWriter(FileSystem& files, StorePaths paths, const RejectedHeader& header);

  /// Appends the refused events of the next commit.
  Result<void> add(std::span<const RefusedEvent> refused);
  Result<void> add(const RejectedPack& pack);

  /// Makes the file durable under its name; if there was nothing to write, there is none. Returns
  /// the bytes of each client.
  Result<std::map<std::string, std::uint64_t>> finish();

 private:
  Result<void> write(std::string_view bytes);

  FileSystem* files_;
  StorePaths paths_;
  RejectedHeader header_;
  RefusedPacker packer_;
  std::unique_ptr<File> file_;  ///< none before the first event
  std::uint64_t end_ = 0;
  std::uint64_t index_ = 0;  ///< of the next event
  std::map<std::string, std::uint64_t> bytes_;
};

}  // namespace tally::store
