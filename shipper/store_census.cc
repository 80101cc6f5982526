#include "shipper/store_census.h"

#include <algorithm>

#include "shipper/letter_text.h"
#include "store/cursor.h"
#include "store/event/event_lines.h"
#include "store/event/event_reader.h"
#include "store/paths.h"
#include "store/receipt_search.h"
#include "store/sink_cursors.h"

namespace tally::shipper {
namespace {

/// Takes in what is in range, until there is no room for an event, or it is behind the range.
class EventCounter {
 public:
  EventCounter(SinkCensus& census, const CensusRange& range, Sequence end)
      : census_(census), range_(range), end_(end) {}

  /// False: that was the end.
  bool take(const store::EventLine& event) {
    const UtcTime received = event.run->received;
    done_ = event.sequence >= end_ || !census_.has_room_for(event.sequence) ||
            (range_.until && received >= *range_.until);
    if (done_) return false;
    if (range_.since && received < *range_.since) return true;
    census_.add_here(event.sequence, received);
    const store::EventFields* fields = reader_.read(event.line, store::FieldSet::time);
    // What is no event any more has no time, and became a dead letter or a record without one.
    if (fields != nullptr) census_.add_event_time(fields->time.utc);
    return true;
  }

  bool done() const noexcept { return done_; }

 private:
  SinkCensus& census_;
  const CensusRange& range_;
  Sequence end_;
  store::EventReader reader_;
  bool done_ = false;
};

/// The first event that the sink has not got.
Result<Sequence> end_of(store::FileSystem& files, const store::StorePaths& paths,
                        const store::StoreId& store, const std::string& name) {
  TALLY_TRY(const auto cursors, store::read_sink_cursors(files, paths, store));
  const auto found = std::ranges::find(cursors, name, &store::SinkCursor::name);
  if (found != cursors.end()) return found->next;
  return Error{Errc::not_found,
               "the store has no sink called " + name + ": tally sinks lists them"};
}

}  // namespace

Result<StoreCensus> StoreCensus::open(store::FileSystem& files, const std::string& directory,
                                      const std::string& name, const CensusRange& range) {
  StoreCensus census(files, directory, name, range);
  const store::StorePaths paths(directory);
  TALLY_TRY(const auto cursor, store::Cursor::open(files, directory));
  census.store_ = cursor.id();
  TALLY_TRY(census.end_, end_of(files, paths, census.store_, name));
  census.next_ = kFirstSequence;
  if (range.since) {
    TALLY_TRY(census.next_, store::first_received_from(files, paths, *range.since));
  }
  return census;
}

Result<std::optional<SinkCensus>> StoreCensus::next(CensusObserver& observer) {
  if (next_ >= end_) return std::nullopt;
  const std::uint64_t sequences = std::min(range_.sequences, distance(next_, end_));
  SinkCensus census(store_, sequences);
  TALLY_TRY(count_events(census, observer));
  next_ = census.empty() ? end_ : census.end();
  if (census.empty()) return std::nullopt;
  TALLY_TRY(count_dead(census));
  return std::optional(std::move(census));
}

Result<void> StoreCensus::count_events(SinkCensus& census, CensusObserver& observer) {
  TALLY_TRY(auto cursor, store::Cursor::open(*files_, directory_, next_));
  EventCounter counter(census, range_, end_);
  while (!counter.done()) {
    TALLY_TRY(const auto chunk, cursor.next());
    if (!chunk) return ok();
    store::for_each_line(*chunk,
                         [&](const store::EventLine& event) { return counter.take(event); });
    observer.reached(chunk->runs.front().received, census);
  }
  return ok();
}

/// Also those that are being sent once more.
Result<void> StoreCensus::count_dead(SinkCensus& census) const {
  const store::StorePaths paths(directory_);
  for (const char* suffix : {".replaying", ".dead"}) {
    TALLY_TRY(const auto lines, read_letter_lines(*files_, paths.cursors() / (name_ + suffix)));
    for (const std::string& line : lines) {
      if (const auto letter = read_letter(line)) census.add_dead(letter->sequence);
    }
  }
  return ok();
}

}  // namespace tally::shipper
