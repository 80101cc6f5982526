#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/result.h"
#include "shipper/make_sink.h"
#include "shipper/sink.h"
#include "tests/query/chunk_builder.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

namespace tally::shipper {

/// An event of a service and a time.
std::string event_of(std::string_view service, UtcTime time, std::uint64_t number);

/// A sink made from a URL, with what it needs around it: a clock, and a file system in memory.
/// Events are numbered as they come. What takes half a minute has failed.
class LokiSinkHarness {
 public:
  /// "loki+http://ADDRESS?label.host=h&" and `parameters`
  explicit LokiSinkHarness(const std::string& address, const std::string& parameters = "");

  /// As another URL says.
  struct Whole {
    std::string url;
  };
  explicit LokiSinkHarness(const Whole& whole);

  Sink& sink() { return *sink_; }

  /// Why it could not be made.
  const std::string& refusal() const { return refusal_; }

  /// Gives the lines to the sink, received at `received`, waiting while it takes no more.
  void give(const std::vector<std::string>& lines);

  /// Flushes, and waits until all has arrived or something has failed; why, else empty.
  std::string arrive();

  /// How far it has got.
  Sequence next() const { return next_; }

  /// The lines of the file of dead letters, as a power cut would leave it.
  std::vector<std::string> dead_letters();

  /// Waits until the sink's stats say so.
  template <class Predicate>
  void wait_for_stats(Predicate predicate) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!predicate(sink_->stats())) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << sink_->stats().trouble;
      std::this_thread::yield();
    }
  }

  tests::ManualClock clock;
  UtcTime received{std::chrono::seconds{1769205400}};

  /// Gives the sink up.
  void end() { sink_.reset(); }

 private:
  std::string take_progress();

  tests::FaultFileSystem files_;
  store::StorePaths paths_{"/store"};
  std::string refusal_;
  std::unique_ptr<Sink> sink_;
  Sequence given_ = kFirstSequence;
  Sequence next_ = kFirstSequence;
};

}  // namespace tally::shipper
