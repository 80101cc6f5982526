#pragma once

namespace tally::ingest {

/// Wakes a thread that polls. raise() from any thread; the rest from the thread that is woken.
class WakeSignal {
 public:
  WakeSignal();
  ~WakeSignal();
  WakeSignal(const WakeSignal&) = delete;
  WakeSignal& operator=(const WakeSignal&) = delete;

  void raise() noexcept;

  /// Readable from raise() to clear().
  int descriptor() const noexcept { return descriptor_; }
  void clear() noexcept;

 private:
  const int descriptor_;
};

}  // namespace tally::ingest
