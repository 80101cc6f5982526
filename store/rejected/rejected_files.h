#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::store {

/// How much of what was refused is kept, in stored bytes.
struct RejectedLimits {
  std::uint64_t bytes_max = 256 * 1024 * 1024;
  std::uint64_t client_bytes_max = 64 * 1024 * 1024;  ///< of any one client
};

/// What had to go to stay within the limits, since the start.
struct RejectedLosses {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
};

/// Keeps DIR/rejected within its limits: past them the oldest goes, of the client that has too much
/// or, past the limit for all, of whomever it is. Not thread-safe.
class RejectedFiles {
 public:
  RejectedFiles(FileSystem& files, StorePaths paths, const RejectedLimits& limits);

  /// Takes account of the file `number` that has just been written with so many bytes of each
  /// client, and makes room.
  Result<void> add(std::uint64_t number, std::map<std::string, std::uint64_t> bytes_by_client);

  /// Removes the files of all numbers up to `through`.
  Result<void> remove_through(std::uint64_t through);

  const RejectedLosses& losses() const noexcept { return losses_; }

 private:
  using Usage = std::map<std::string, std::uint64_t>;  ///< bytes of each client

  Result<void> load();
  Result<Usage> measure(std::uint64_t number);
  Result<void> drop_oldest(const std::optional<std::string>& client, std::uint64_t bytes_max);
  Result<void> drop_from(std::uint64_t number, const std::optional<std::string>& client,
                         std::uint64_t bytes);
  Result<void> rewrite(std::uint64_t number, const std::optional<std::string>& client,
                       std::uint64_t bytes);
  Result<void> remove(std::uint64_t number);
  std::uint64_t bytes_of(const std::optional<std::string>& client) const;

  FileSystem* files_;
  StorePaths paths_;
  RejectedLimits limits_;
  bool loaded_ = false;
  std::map<std::uint64_t, Usage> usage_;  ///< by file number
  RejectedLosses losses_;
};

}  // namespace tally::store
