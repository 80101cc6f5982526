#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "model/clock.h"
#include "model/result.h"
#include "shipper/shipper_board.h"
#include "shipper/sink.h"
#include "shipper/status_file.h"
#include "store/disk/file_system.h"
#include "store/paths.h"
#include "store/sink_orders.h"
#include "store/store_id.h"

namespace tally::shipper {

/// Where a sink that has never been here begins.
enum class Start : std::uint8_t {
  oldest,  ///< with the first event that there is
  now,     ///< with the first event that comes in from now on
};

/// What a sink is made with; valid as long as the sink.
struct SinkContext {
  store::FileSystem* files = nullptr;
  const Clock* clock = nullptr;
  store::StorePaths paths{""};
  store::StoreId store;
  std::string name;
  std::stop_token stop;
};

using SinkFactory = std::function<Result<std::unique_ptr<Sink>>(const SinkContext&)>;

struct ShipperOptions {
  std::string name;
  Start start = Start::oldest;
  bool has_dead_letters = false;          ///< its receiver may refuse events for good
  std::chrono::milliseconds linger{200};  ///< how long events wait for more to go with
  std::chrono::milliseconds save_every{1000};
  std::chrono::milliseconds retry_first{500};  ///< after an error, before all begins anew
  std::chrono::milliseconds retry_most{60'000};
};

/// What a shipper has, and lends to each of its sessions.
struct ShipperParts {
  store::FileSystem* files;
  const Clock* clock;
  store::StorePaths paths;
  ShipperOptions options;
  SinkFactory factory;
  store::SinkOrders orders;
  StatusWriter status;
  ShipperBoard board;
};

/// Ships one store to one sink, on a thread of its own: reads from the sink's durable cursor on,
/// hands over, and moves the cursor when what lies before it has arrived. A sink that fails is made
/// anew, from the cursor, for ever; pauses and rewinds are taken from store::SinkOrders. Started
/// and stopped by one thread; stats() from any.
class Shipper {
 public:
  /// `files` and `clock` must outlive it.
  Shipper(store::FileSystem& files, const Clock& clock, const store::Path& directory,
          ShipperOptions options, SinkFactory factory);
  /// As stop().
  ~Shipper();
  Shipper(const Shipper&) = delete;
  Shipper& operator=(const Shipper&) = delete;

  void start();

  /// Tells it to end, and does not wait: several that are told so end at the same time.
  void begin_stop() noexcept;

  /// Ends once what is in hand has arrived, or a few seconds have passed.
  void stop();

  /// Ends once everything that is durable at this moment has arrived, or nothing more can: for who
  /// ships once. Errors are those that stop a sink.
  Result<void> run_once();

  const std::string& name() const noexcept { return parts_.options.name; }
  ShipperStats stats() const { return parts_.board.stats(); }

 private:
  void run(const std::stop_token& stop);
  Result<void> run_session(const std::stop_token& stop, bool once);
  void wait_while_paused(const std::stop_token& stop);
  void stop_for(const Error& error);
  void note(Condition condition, const std::string& trouble);

  ShipperParts parts_;
  std::jthread thread_;
};

}  // namespace tally::shipper
