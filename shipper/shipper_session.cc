#include "shipper/shipper_session.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "shipper/letter_replay.h"
#include "shipper/order_watch.h"
#include "store/journal/durable_mark.h"

namespace tally::shipper {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookForOrders{500};
constexpr std::chrono::milliseconds kLookForEvents{500};
/// What is in hand has so long to arrive when a stop is asked for.
constexpr std::chrono::seconds kFarewell{5};
constexpr std::chrono::seconds kFarewellInTrouble{1};

Result<Sequence> store_end(store::FileSystem& files, const store::StorePaths& paths) {
  TALLY_TRY(const auto mark, store::read_durable_mark(files, paths));
  return mark ? mark->next : kFirstSequence;
}

}  // namespace

Result<std::unique_ptr<ShipperSession>> ShipperSession::begin(ShipperParts& parts,
                                                              const std::stop_token& stop) {
  std::unique_ptr<ShipperSession> session(new ShipperSession(parts, stop));
  // Whose store it is, its files say; where to read from, is known only then.
  const std::string& name = parts.options.name;
  TALLY_TRY(const auto any, store::Cursor::open(*parts.files, parts.paths.directory));
  const SinkContext context{parts.files, parts.clock, parts.paths,
                            any.id(),    name,        session->stop_.get_token()};
  auto position = store::SinkPosition::open(*parts.files, parts.paths, any.id(), name);
  // Whoever has it on this machine gives it back when its process ends.
  if (!position && position.error().code == Errc::held) {
    return Error{Errc::overloaded, position.error().context};
  }
  TALLY_TRY(session->position_, std::move(position));
  TALLY_TRY(session->go_back_if_told());
  TALLY_TRY(const bool replayed, session->replay_if_told(context));
  TALLY_TRY(session->place(context));
  if (!replayed) session->looked_at_ = {};
  return session;
}

ShipperSession::~ShipperSession() { parts_->board.set_sink(nullptr); }

Result<void> ShipperSession::go_back_if_told() {
  TALLY_TRY(const auto next, parts_->orders.rewind());
  if (!next) return ok();
  TALLY_TRY(position_->save({*next, std::string(store::kRewoundNote)}));
  return parts_->orders.rewind_done();
}

/// With a sink of its own, whose files of dead letters the next one may then have. False: there is
/// a stop or an order to look at, and what is left of it is for the next session.
Result<bool> ShipperSession::replay_if_told(const SinkContext& context) {
  LetterReplay replay(*parts_);
  while (true) {
    TALLY_TRY(replaying_, replay.prepare());
    if (!replaying_) return true;
    TALLY_TRY(sink_, parts_->factory(context));
    parts_->board.set_sink(sink_.get());
    TALLY_TRY(const bool done, replay.run(*sink_, [&]() -> Result<bool> {
      if (context.stop.stop_requested()) return true;
      return has_orders();
    }));
    parts_->board.set_sink(nullptr);
    sink_.reset();
    replaying_ = false;
    if (!done) return false;
    TALLY_TRY(replay.finish());
  }
}

/// Sink and cursor where the sink is to go on. A new sink's place is made durable at once, before
/// it waits for its receiver: retention lets what comes after it be, and `tally sinks` knows it.
Result<void> ShipperSession::place(const SinkContext& context) {
  TALLY_TRY(sink_, parts_->factory(context));
  parts_->board.set_sink(sink_.get());
  store::SinkState from;
  if (position_->state()) {
    from = *position_->state();
  } else if (parts_->options.start == Start::now) {
    TALLY_TRY(from.next, store_end(*parts_->files, parts_->paths));
  } else {
    from.next = kFirstSequence;
  }
  if (!position_->state()) {
    TALLY_TRY(position_->save(from));
  }
  parts_->board.set_next(from.next, {});
  TALLY_TRY(const bool begun, begin_sink(std::move(from)));
  if (!begun) return ok();
  TALLY_TRY(position_->save(arrived_));
  taken_ = arrived_.next;
  TALLY_TRY(cursor_, store::Cursor::open(*parts_->files, parts_->paths.directory, taken_));
  saved_at_ = looked_at_ = Clock::now();
  parts_->board.set_next(taken_, {});
  return ok();
}

/// False: there was an order that ended it.
Result<bool> ShipperSession::begin_sink(store::SinkState from) {
  const OrderWatch watch(*parts_, stop_);
  auto begun = sink_->begin(std::move(from));
  if (!begun && watch.ordered()) return false;
  TALLY_TRY(arrived_, std::move(begun));
  return true;
}

Result<void> ShipperSession::run(const std::stop_token& stop, bool once) {
  if (!cursor_) return ok();
  TALLY_TRY(const Sequence last, store_end(*parts_->files, parts_->paths));
  while (!stop.stop_requested()) {
    TALLY_TRY(const bool orders, has_orders());
    if (orders) break;
    if (!chunk_) {
      TALLY_TRY(chunk_, cursor_->next());
      if (chunk_) note_chunk(*chunk_);
    }
    if (chunk_) {
      TALLY_TRY(offer());
    } else {
      if (once && taken_ >= last) break;
      TALLY_TRY(rest());
    }
    TALLY_TRY(save_if_due(false));
  }
  return finish(once);
}

/// Looked for now and then only: that is a look at three files.
Result<bool> ShipperSession::has_orders() {
  if (Clock::now() - looked_at_ < kLookForOrders) return false;
  looked_at_ = Clock::now();
  TALLY_TRY(const Sequence end, store_end(*parts_->files, parts_->paths));
  parts_->board.set_end(end);
  parts_->status.put(parts_->board.stats());
  TALLY_TRY(const auto paused, parts_->orders.paused());
  TALLY_TRY(const auto rewind, parts_->orders.rewind());
  TALLY_TRY(const bool replay, parts_->orders.replay());
  return paused || rewind || (replay && !replaying_);
}

Result<void> ShipperSession::offer() {
  TALLY_TRY(const bool took, sink_->take(*chunk_));
  if (!took) return take_progress(kLookForOrders);
  taken_ = advance(chunk_->first, chunk_->count);
  took_at_ = Clock::now();
  flushed_ = false;
  chunk_.reset();
  return take_progress({});
}

/// There are no events for now.
Result<void> ShipperSession::rest() {
  if (!flushed_) {
    const auto since =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - took_at_);
    if (since < parts_->options.linger) {
      cursor_->wait(parts_->options.linger - since);
      return ok();
    }
    flushed_ = true;
    TALLY_TRY(sink_->flush());
  }
  if (!all_arrived()) return take_progress(kLookForEvents);
  cursor_->wait(kLookForEvents);
  // Nothing is in hand, but a sink may hear from its connections.
  return take_progress({});
}

Result<void> ShipperSession::take_progress(std::chrono::milliseconds timeout) {
  TALLY_TRY(auto state, sink_->progress(timeout));
  if (!state) return ok();
  arrived_ = std::move(*state);
  while (!in_hand_.empty() && in_hand_.front().end <= arrived_.next) in_hand_.pop_front();
  parts_->board.set_next(arrived_.next, in_hand_.empty() ? UtcTime{} : in_hand_.front().received);
  return ok();
}

/// At most so often while much arrives: a save is two syncs.
Result<void> ShipperSession::save_if_due(bool now) {
  if (arrived_ == position_->state()) return ok();
  const bool due = now || all_arrived() || Clock::now() - saved_at_ >= parts_->options.save_every;
  if (!due) return ok();
  saved_at_ = Clock::now();
  return position_->save(arrived_);
}

/// Whoever ships once waits for as long as it takes, else what is in hand has a few seconds.
Result<void> ShipperSession::finish(bool once) {
  TALLY_TRY(sink_->flush());
  const SteadyTime began = Clock::now();
  const auto patience = [&] {
    return sink_->stats().trouble.empty() ? kFarewell : kFarewellInTrouble;
  };
  while (!all_arrived() && (once || Clock::now() - began < patience())) {
    TALLY_TRY(take_progress(kLookForEvents));
  }
  return save_if_due(true);
}

bool ShipperSession::all_arrived() const { return arrived_.next >= taken_; }

/// What lies between it and the one before cannot be had any more.
void ShipperSession::note_chunk(const store::Chunk& chunk) {
  in_hand_.push_back({advance(chunk.first, chunk.count), chunk.runs.front().received});
  // It waits from now on, though its receiver may take nothing at all.
  if (in_hand_.size() == 1) parts_->board.set_next(arrived_.next, in_hand_.front().received);
  if (chunk.first <= taken_) return;
  const std::uint64_t events = distance(taken_, chunk.first);
  parts_->board.add_lost(events);
  spdlog::error("sink " + parts_->options.name + ": " + std::to_string(events) + " events from " +
                std::to_string(to_number(taken_)) +
                " on are damaged or removed, and cannot be shipped");
}

}  // namespace tally::shipper
