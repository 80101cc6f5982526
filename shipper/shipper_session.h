#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "model/result.h"
#include "shipper/shipper.h"
#include "shipper/sink.h"
#include "store/cursor.h"
#include "store/sink_position.h"

namespace tally::shipper {

/// One attempt of a shipper, from its durable cursor on until something goes wrong or somebody
/// wants something else. One thread.
class ShipperSession {
 public:
  /// `parts` must outlive the session.
  static Result<std::unique_ptr<ShipperSession>> begin(ShipperParts& parts,
                                                       const std::stop_token& stop);
  ~ShipperSession();
  ShipperSession(const ShipperSession&) = delete;
  ShipperSession& operator=(const ShipperSession&) = delete;

  /// Ships until `stop`, an order to pause or rewind, or an error; with `once`, until all that is
  /// durable has arrived.
  Result<void> run(const std::stop_token& stop, bool once);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// A chunk that was read and has not arrived.
  struct InHand {
    Sequence end{};
    UtcTime received{};
  };

  ShipperSession(ShipperParts& parts, const std::stop_token& stop)
      : parts_(&parts), stop_with_(stop, [this] { stop_.request_stop(); }) {}

  Result<void> place(const SinkContext& context);
  Result<bool> begin_sink(store::SinkState from);
  Result<void> go_back_if_told();
  Result<bool> replay_if_told(const SinkContext& context);
  Result<bool> has_orders();
  Result<void> offer();
  Result<void> rest();
  Result<void> take_progress(std::chrono::milliseconds timeout);
  Result<void> save_if_due(bool now);
  Result<void> finish(bool once);
  bool all_arrived() const;
  void note_chunk(const store::Chunk& chunk);

  ShipperParts* parts_;
  std::stop_source stop_;  ///< of what the sink waits for: with the shipper, or for an order
  std::stop_callback<std::function<void()>> stop_with_;
  std::optional<store::SinkPosition> position_;
  std::unique_ptr<Sink> sink_;
  std::optional<store::Cursor> cursor_;  ///< nothing: there was an order before the sink had begun

  std::optional<store::Chunk> chunk_;  ///< read and not yet taken
  Sequence taken_{};                   ///< one past what the sink has taken
  std::deque<InHand> in_hand_;
  bool flushed_ = true;
  bool replaying_ = false;  ///< dead letters, and will look itself for an order to do that
  SteadyTime took_at_;
  store::SinkState arrived_;
  SteadyTime saved_at_;
  SteadyTime looked_at_;
};

}  // namespace tally::shipper
