#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tally::bench {

/// A program that this one started. Killed and waited for by the destructor, and killed by the
/// kernel if this program dies first. One thread at a time, the one that started it.
class ChildProcess {
 public:
  struct Options {
    std::optional<int> core;       ///< confines it to one core
    std::filesystem::path output;  ///< where its stdout and stderr are appended to
  };

  /// `arguments`: the program (looked up in PATH) and what it is given. Ends this program if it
  /// cannot be started.
  ChildProcess(const std::vector<std::string>& arguments, const Options& options);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const noexcept { return pid_; }

  void send_signal(int signal) const;

  /// Waits for its end: its exit status, or 128 and the signal's number.
  int wait();

 private:
  pid_t pid_ = -1;  // -1 once it has been waited for
};

}  // namespace tally::bench
