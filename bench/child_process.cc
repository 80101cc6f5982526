#include "bench/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "bench/cpu.h"
#include "bench/require.h"

namespace tally::bench {
namespace {

constexpr int kCannotStart = 127;

[[noreturn]] void become(const std::vector<std::string>& arguments,
                         const ChildProcess::Options& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (options.core) pin_to_core(*options.core);
  const int output =
      ::open(options.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  require(output >= 0, "open " + options.output.string());
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv.front(), argv.data());
  std::_Exit(kCannotStart);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const Options& options) {
  pid_ = ::fork();
  require(pid_ >= 0, "fork");
  if (pid_ == 0) become(arguments, options);
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  send_signal(SIGKILL);
  wait();
}

void ChildProcess::send_signal(int signal) const { ::kill(pid_, signal); }

int ChildProcess::wait() {
  int status = 0;
  require(::waitpid(pid_, &status, 0) == pid_, "waitpid");
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace tally::bench
