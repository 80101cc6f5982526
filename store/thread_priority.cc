#include "store/thread_priority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tally::store {
namespace {

// From linux/ioprio.h, which the C library does not wrap.
constexpr int kIoprioWhoProcess = 1;
constexpr int kIoprioClassShift = 13;
constexpr int kIoprioBestEffort = 2;
/// Of eight levels the last. Not the idle class: under load without end it would never get on.
constexpr int kIoprioLowest = 7;

constexpr int kNice = 10;

}  // namespace

/// Linux keeps both per thread: 0 is the calling one.
void lower_thread_priority() noexcept {
  (void)::setpriority(PRIO_PROCESS, 0, kNice);
  (void)::syscall(SYS_ioprio_set, kIoprioWhoProcess, 0,
                  (kIoprioBestEffort << kIoprioClassShift) | kIoprioLowest);
}

}  // namespace tally::store
