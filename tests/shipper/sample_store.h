#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "model/clock.h"
#include "shipper/make_sink.h"
#include "shipper/shipper.h"
#include "store/disk/posix_file_system.h"
#include "store/store.h"
#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// A real store on disk, to be shipped: its events are those of a few containers in turn, each its
/// number in `metadata`. One thread.
class SampleStore {
 public:
  static constexpr std::uint64_t kContainers = 7;

  /// What a store does with its files while it is shipped.
  enum class Life {
    quiet,     ///< all that is added stays in one file of the journal
    restless,  ///< rotates and seals all the time, and removes at once what no sink waits for
  };

  explicit SampleStore(Life life = Life::quiet);
  SampleStore(const SampleStore&) = delete;
  SampleStore& operator=(const SampleStore&) = delete;

  /// Durable on return; commits of at most a thousand.
  void add(std::uint64_t count);

  /// One event that is not as the others.
  void add_line(const std::string& line);

  /// The line of the event with this number, from 1; every eighth has no container.
  static std::string line(std::uint64_t number);
  static std::string key(std::uint64_t number);
  static constexpr std::string_view kTime = "2026-01-23T23:55:09.592561+02:00";

  std::uint64_t size() const noexcept { return size_; }
  store::Path directory() const { return directory_.path() / "store"; }
  store::FileSystem& files() noexcept { return files_; }
  const Clock& clock() const noexcept { return clock_; }
  UtcTime began() const noexcept { return began_; }
  store::StoreStats stats() const { return store_->stats(); }

  /// Keeps what is added from now on for a sink that has not begun yet.
  void keep_for(const std::string& sink);
  const store::StoreId& id() const noexcept { return store_->id(); }

  /// Ends the store, so that a collector can have it: nothing is added any more, nor are there
  /// stats.
  void close() { store_.reset(); }

  /// A sink's surroundings, as a shipper has them.
  shipper::SinkContext context(const std::string& name, std::stop_token stop = {});

  /// The error with which a sink of this URL ends before it has begun. Fails the test if it begins.
  Error refusal(const std::string& url);

  /// A shipper of this store to what the URL says, that begins anew at once after errors. Fails the
  /// test if the URL is wrong.
  std::unique_ptr<shipper::Shipper> ship_to(const std::string& url);
  std::unique_ptr<shipper::Shipper> ship_to(shipper::SinkPlan plan);

 private:
  TemporaryDirectory directory_;
  store::PosixFileSystem files_;
  SystemClock clock_;
  UtcTime began_;
  std::unique_ptr<store::Store> store_;
  std::uint64_t size_ = 0;
};

/// Fails the test if the URL is wrong.
shipper::SinkPlan plan_of(const std::string& url);

}  // namespace tally::tests
