#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/result.h"
#include "store/disk/file_system.h"

namespace tally::tests {

/// What can be asked of a FileSystem, one by one. `create` is an open that makes the file;
/// create_directories is one `create_directory` or none, and one `sync_directory`, per component.
enum class OperationKind {
  open,
  create,
  read,
  write,
  sync_data,
  truncate,
  size,
  drop_cache,
  try_lock,
  locked_by_other,
  try_lock_range,
  unlock_range,
  rename,
  remove,
  create_directory,
  sync_directory,
  list,
  exists,
  space,
};

/// Whether it can change what is stored: a sweep of faults may skip the others.
bool changes_storage(OperationKind kind) noexcept;

struct Operation {
  OperationKind kind;
  store::Path path;
  bool takes_space = false;  ///< needs blocks that the file does not have yet
  bool to_write = false;     ///< an open for writing
};

/// "sync_data /store/durable", for messages.
std::string to_string(const Operation& operation);

enum class FaultKind {
  io,           ///< EIO and nothing done; a sync then leaves its pages clean but not durable
  no_space,     ///< ENOSPC and nothing done; harmless to what takes no space, as overwriting
  read_only,    ///< EROFS and nothing done; harmless to what only reads
  descriptors,  ///< EMFILE and nothing done; harmless to what needs no new descriptor
  half_write,   ///< a write does its first half, then EIO; other operations as `io`
  crash,        ///< as `io`, and so does all that follows until crash() or kill() is called
};

/// Whether a fault of that kind makes the operation fail.
bool harms(FaultKind fault, const Operation& operation) noexcept;

/// Something that goes wrong at the `at`-th operation (from 1) after the fault was set.
struct Fault {
  FaultKind kind = FaultKind::io;
  std::uint64_t at = 1;
  bool lasting = false;  ///< at every operation from there on, until the fault is cleared
  /// Only these count and are hit; empty: all.
  std::function<bool(const Operation&)> among = {};
};

/// Counts operations and decides which of them fail. Not thread-safe.
class FaultPlan {
 public:
  void set(std::optional<Fault> fault);

  /// Notes the operation; what has to go wrong with it, if anything.
  std::optional<FaultKind> next(const Operation& operation);

  /// After a crash or kill: operations work again, and the fault is gone.
  void recover();

  bool down() const noexcept { return down_; }
  const std::vector<Operation>& trace() const noexcept { return trace_; }

 private:
  std::optional<FaultKind> decide(const Operation& operation);

  std::optional<Fault> fault_;
  std::uint64_t matched_ = 0;  ///< operations that counted for fault_
  bool down_ = false;          ///< crashed, and not yet brought up again
  std::vector<Operation> trace_;
};

}  // namespace tally::tests
