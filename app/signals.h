#pragma once

namespace tally::app {

/// Blocks SIGINT and SIGTERM in this thread and in those that it starts from now on, so that
/// wait_for_signal() alone gets them. Call it before the first thread.
void block_signals();

/// Waits for SIGINT or SIGTERM and returns which. After that the next one ends the process at once,
/// as it does a program that never asked.
int wait_for_signal();

}  // namespace tally::app
