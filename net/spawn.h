#pragma once

#include "net/asio_types.h"
#include "net/gate.h"
#include "net/io_thread.h"
#include "net/task.h"

namespace tally::net {

/// Starts `coroutine` on `io`, from any thread, and counts it in `gate` until it has ended. An
/// exception that leaves it is logged and counted there; nothing else is lost by it. `io` and
/// `gate` must outlive the coroutine.
void spawn(IoThread& io, Task<void> coroutine, Gate& gate);

/// The same for what waits through Asio.
void spawn(IoThread& io, Awaitable<void> coroutine, Gate& gate);

}  // namespace tally::net
