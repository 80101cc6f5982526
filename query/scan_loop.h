#pragma once

#include <atomic>
#include <chrono>

#include "model/result.h"
#include "query/scan.h"
#include "query/stopwatch.h"
#include "store/cursor.h"

namespace tally::query {

/// Feeds `run` (a QueryRun or CountRun) everything that the cursor has, until it wants no more or
/// `stop` is set. Calls progress(const ScanStats&) after every chunk.
template <class Run, class Progress>
Result<void> scan(store::Cursor& cursor, Run& run, const std::atomic<bool>& stop,
                  Progress&& progress) {
  while (!stop.load()) {
    auto chunk = [&] {
      const Stopwatch watch(run.stats().read);
      return cursor.next();
    }();
    TALLY_TRY(auto events, std::move(chunk));
    if (!events) return ok();
    TALLY_TRY(auto goes_on, run.take(*events));
    progress(run.stats());
    if (!goes_on) return ok();
  }
  return ok();
}

/// As scan(), and then goes on with what is stored meanwhile, until `run` wants no more, `stop` is
/// set or nobody reads the output.
template <class Run>
Result<void> follow(store::Cursor& cursor, Run& run, const std::atomic<bool>& stop) {
  // A signal that sets `stop` does not always interrupt the wait.
  constexpr std::chrono::milliseconds kLookForStop{500};
  while (!stop.load()) {
    TALLY_TRY(auto events, cursor.next());
    if (events) {
      TALLY_TRY(auto goes_on, run.take(*events));
      if (!goes_on) return ok();
      continue;
    }
    TALLY_TRY(run.catch_up());
    if (run.is_output_closed()) return ok();
    cursor.wait(kLookForStop);
  }
  return ok();
}

}  // namespace tally::query
