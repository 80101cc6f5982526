#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "model/clock.h"
#include "model/result.h"
#include "store/disk/file_system.h"

namespace tally::app {

/// A running collector: the store, the HTTP server in front of it, the followed files and consumed
/// topics, wired together. Started, stopped and destroyed by one thread.
class Collector {
 public:
  /// Opens the store, then the doors. Errors say what to do. `files` and `clock` must outlive it.
  static Result<std::unique_ptr<Collector>> start(store::FileSystem& files, const Clock& clock,
                                                  const Config& config);

  /// As stop().
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  /// The shutdown sequence: sealing is given up; no new connections; what is in flight is
  /// answered; the follower ends after the piece that it reads, a topic's reader after its batches;
  /// the committer writes what is queued; the store closes; the shippers end. Idempotent.
  void stop();

  /// Where it takes events: "127.0.0.1:7514".
  const std::string& address() const noexcept;

 private:
  struct Parts;
  explicit Collector(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tally::app
