#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "store/retention.h"
#include "store/store.h"
#include "store/store_lock.h"
#include "tests/support/checked_reader.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/promised_events.h"
#include "tests/support/sealing_store.h"
#include "tests/support/store_harness.h"

namespace tally::tests {

/// How often what happened in a life.
struct LifeEvents {
  std::uint64_t commits = 0;
  std::uint64_t unanswered = 0;
  std::uint64_t sealed = 0;
  std::uint64_t removed = 0;
  std::uint64_t held_by_sink = 0;    ///< would have been removed
  std::uint64_t held_by_reader = 0;  ///< the same
  std::uint64_t chunks = 0;
  std::uint64_t errors = 0;  ///< operations of the store that a fault made fail
  std::uint64_t crashes = 0;
  std::uint64_t kills = 0;
  std::uint64_t openings = 0;
  std::uint64_t damages = 0;

  LifeEvents& operator+=(const LifeEvents& other) noexcept;
};

/// A store, and anything that can happen to it, in an order that a seed decides: commits, rotation,
/// sealing, retention, sinks and readers that come and go, closing, faults of the file system that
/// last or pass, kills, power cuts, damage to a segment. Beside it a plain list of what was
/// promised. The store's threads are not there: the same seed is the same life.
class StoreLife {
 public:
  explicit StoreLife(std::uint64_t seed);
  ~StoreLife();
  StoreLife(const StoreLife&) = delete;
  StoreLife& operator=(const StoreLife&) = delete;

  /// The next thing that happens. Fails the test where a promise is broken.
  void step();

  /// Ends what goes wrong, opens the store, and holds all of it against the list.
  void settle();

  const LifeEvents& events() const noexcept { return events_; }

 private:
  /// As Store has them, without its threads.
  struct Running {
    store::StoreLock lock;
    SealingStore store;
    store::Retention retention;
  };

  // What can happen.
  void commit_group();
  void rotate();
  void prepare_spare();
  void seal();
  void retain();
  void pass_time();
  void move_sink();
  void forget_sink();
  void open_reader();
  void read_some();
  void close_reader();
  void look_at_all();
  void reopen();
  void begin_fault();
  void end_fault();
  void kill();
  void crash();
  void damage();

  void open();
  Result<std::unique_ptr<Running>> try_open();
  void close() noexcept;
  void check_removal(const store::Manifest& before, bool succeeded);
  Sequence removable(const store::Manifest& manifest, const std::vector<Sequence>& held) const;
  void expect_success_without_fault(bool succeeded);
  bool calm() const;
  bool one_in(std::uint64_t n) { return random_() % n == 0; }
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

  std::mt19937_64 random_;
  FaultFileSystem files_;
  ManualClock clock_;
  store::StoreOptions options_;
  std::unique_ptr<Running> running_;  ///< none: it could not be opened yet
  std::vector<CheckedReader> readers_;
  std::map<std::string, Sequence> sinks_;

  Promises promises_;
  Sequence removed_max_ = kFirstSequence;  ///< promises_.first, or what a failure may have made it
  std::uint64_t number_ = 1;               ///< of the next event
  std::optional<Fault> fault_;             ///< that is set
  bool mark_lags_ = false;  ///< a fault may have kept readers from being told of the last commits
  LifeEvents events_;
};

}  // namespace tally::tests
