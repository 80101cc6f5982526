#include "ingest/wake_signal.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "model/check.h"

namespace tally::ingest {

WakeSignal::WakeSignal() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  TALLY_CHECK(descriptor_ >= 0);
}

WakeSignal::~WakeSignal() { ::close(descriptor_); }

void WakeSignal::raise() noexcept {
  // It can fail only if it is raised 2^64 - 2 times already.
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(descriptor_, &one, sizeof(one));
}

void WakeSignal::clear() noexcept {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(descriptor_, &count, sizeof(count));
}

}  // namespace tally::ingest
