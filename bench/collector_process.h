#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/child_process.h"

namespace tally::bench {

struct CollectorOptions {
  std::filesystem::path program;    ///< the `tally` to run
  std::filesystem::path directory;  ///< of the store; its log goes beside it, into DIRECTORY.log
  std::optional<int> core = std::nullopt;
  std::vector<std::string> arguments = {};  ///< more of `tally serve`'s
};

/// A real `tally serve` on a loopback port of its own. Killed by the destructor. One thread at a
/// time.
class CollectorProcess {
 public:
  explicit CollectorProcess(CollectorOptions options);

  /// Starts it and waits until it takes events; ends this program, with the collector's log, if it
  /// does not within 30 seconds. Also after stop() or kill(), on the same port and store.
  void start();

  /// SIGTERM, and waits: its exit status.
  int stop();

  /// SIGKILL, and waits.
  void kill();

  std::uint16_t port() const noexcept { return port_; }
  pid_t pid() const noexcept { return process_->pid(); }

  /// The value of a series of /metrics, named with its labels as it is printed there.
  double metric(const std::string& series) const;

 private:
  void wait_until_ready();
  [[noreturn]] void give_up_with_log(const std::string& what) const;
  std::filesystem::path log_path() const;

  CollectorOptions options_;
  std::uint16_t port_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace tally::bench
