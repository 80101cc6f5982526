#pragma once

#include <atomic>

namespace tally::app {

/// Turns SIGINT and SIGTERM, which would end the process, into a flag that a long job looks at.
/// Waits of the thread that gets the signal end early (EINTR).
const std::atomic<bool>& catch_interrupts();

}  // namespace tally::app
