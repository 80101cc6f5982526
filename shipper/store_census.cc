#include "shipper/store_census.h"

#include <algorithm>

#include "shipper/letter_text.h"
#include "store/cursor.h"
#include "store/event/event_lines.h"
#include "store/event/event_reader.h"
#include "store/paths.h"
#include "store/sink_cursors.h"

namespace tally::shipper {
namespace {

/// Takes in what is in range. False: what follows is behind it.
class StoreCounter {
 public:
  StoreCounter(SinkCensus& census, const CensusRange& range, Sequence end)
      : census_(census), range_(range), end_(end) {}

  bool take(const store::EventLine& event) {
    if (event.sequence >= end_) return false;
    const UtcTime received = event.run->received;
    if (range_.until && received >= *range_.until) return false;
    if (range_.since && received < *range_.since) return true;
    census_.add_here(event.sequence, received);
    const store::EventFields* fields = reader_.read(event.line, store::FieldSet::time);
    // What is no event any more has no time, and became a dead letter or a record without one.
    if (fields != nullptr) census_.add_event_time(fields->time.utc);
    return true;
  }

 private:
  SinkCensus& census_;
  const CensusRange& range_;
  Sequence end_;
  store::EventReader reader_;
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

/// Also those that are being sent once more.
Result<void> count_dead(store::FileSystem& files, const store::StorePaths& paths,
                        const std::string& name, SinkCensus& census) {
  for (const char* suffix : {".replaying", ".dead"}) {
    TALLY_TRY(const auto lines, read_letter_lines(files, paths.cursors() / (name + suffix)));
    for (const std::string& line : lines) {
      if (const auto letter = read_letter(line)) census.add_dead(letter->sequence);
    }
  }
  return ok();
}

}  // namespace

Result<SinkCensus> count_store(store::FileSystem& files, const std::string& directory,
                               const std::string& name, const CensusRange& range) {
  TALLY_TRY(auto cursor, store::Cursor::open(files, directory));
  const store::StorePaths paths(directory);
  TALLY_TRY(const Sequence end, end_of(files, paths, cursor.id(), name));
  SinkCensus census(cursor.id());
  StoreCounter counter(census, range, end);
  for (bool more = true; more;) {
    TALLY_TRY(const auto chunk, cursor.next());
    if (!chunk) break;
    const std::uint32_t visited = store::for_each_line(*chunk, [&](const store::EventLine& event) {
      more = counter.take(event);
      return more;
    });
    more = more && visited == chunk->count;
  }
  TALLY_TRY(count_dead(files, paths, name, census));
  return census;
}

}  // namespace tally::shipper
