#include "query/pager.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace tally::query {
namespace {

constexpr const char* kLess = "if command -v less >/dev/null; then exec less; else exec cat; fi";

/// The child's set-up: the pipe is its standard input, and a broken pipe ends it as usual.
class SpawnPlan {
 public:
  explicit SpawnPlan(int input) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  /// 0, or why not.
  int run(pid_t& process, std::string& script) {
    std::string shell = "sh";
    std::string flag = "-c";
    const std::array<char*, 4> arguments{shell.data(), flag.data(), script.data(), nullptr};
    return posix_spawn(&process, "/bin/sh", &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

Result<Pager> Pager::start(const std::string& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return errno_error(errno, "pipe for the pager");
  std::string script = "LESS=${LESS-FRX}; export LESS; ";
  script += command.empty() ? kLess : command;
  pid_t process = 0;
  const int why = SpawnPlan(ends[0]).run(process, script);
  close(ends[0]);
  if (why == 0) return Pager(ends[1], process);
  close(ends[1]);
  return errno_error(why, "starting the pager '" + command + "'");
}

Pager::~Pager() {
  if (fd_ < 0) return;
  close(fd_);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Pager::Pager(Pager&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), process_(other.process_) {}

}  // namespace tally::query
