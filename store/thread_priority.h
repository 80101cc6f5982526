#pragma once

namespace tally::store {

/// Makes the calling thread yield processor and disk to all others that want them. A hint: where
/// the system does not let it, the thread goes on as it was.
void lower_thread_priority() noexcept;

}  // namespace tally::store
