#pragma once

#include <sys/types.h>

#include <string>

#include "model/result.h"

namespace tally::query {

/// A program such as less that shows what is written into its pipe. One thread.
class Pager {
 public:
  /// `command` is run by the shell. Empty: less, or cat where there is no less. Unless the variable
  /// LESS says otherwise, less leaves short output on the screen and passes colours through.
  static Result<Pager> start(const std::string& command);

  /// Closes the pipe and waits until the reader has seen enough.
  ~Pager();
  Pager(Pager&& other) noexcept;
  Pager& operator=(Pager&&) = delete;

  int fd() const noexcept { return fd_; }

 private:
  Pager(int fd, pid_t process) noexcept : fd_(fd), process_(process) {}

  int fd_;
  pid_t process_;
};

}  // namespace tally::query
