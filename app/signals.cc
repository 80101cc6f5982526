#include "app/signals.h"

#include <pthread.h>

#include <csignal>

#include "model/check.h"

namespace tally::app {

namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = ending_signals();
  TALLY_CHECK(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
}

int wait_for_signal() {
  const sigset_t set = ending_signals();
  int signal = 0;
  TALLY_CHECK(sigwait(&set, &signal) == 0);
  TALLY_CHECK(pthread_sigmask(SIG_UNBLOCK, &set, nullptr) == 0);
  return signal;
}

}  // namespace tally::app
