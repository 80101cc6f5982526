#include "app/sink_listing.h"

#include <utility>

#include "store/cursor.h"
#include "store/journal/durable_mark.h"
#include "store/sink_cursors.h"
#include "store/sink_orders.h"
#include "store/store_listing.h"

namespace tally::app {
namespace {

/// Of the segments that hold events from `next` on, and of the journal files.
Result<std::uint64_t> bytes_from(store::FileSystem& files, const store::StorePaths& paths,
                                 const store::StoreListing& listing, Sequence next) {
  std::uint64_t bytes = 0;
  for (const store::SegmentSummary& segment : listing.manifest.segments) {
    if (advance(segment.first, segment.count) > next) bytes += segment.stored_bytes;
  }
  TALLY_TRY(const auto mark, store::read_durable_mark(files, paths));
  if (mark && mark->next > next) bytes += mark->offset;
  return bytes;
}

/// When the first event from `next` on came in; nothing: there is none.
Result<std::optional<UtcTime>> receipt_of(store::FileSystem& files, const std::string& directory,
                                          Sequence next) {
  TALLY_TRY(auto cursor, store::Cursor::open(files, directory, next));
  TALLY_TRY(const auto chunk, cursor.next());
  if (!chunk) return std::nullopt;
  return std::optional(chunk->runs.front().received);
}

Result<void> add_condition(store::FileSystem& files, const store::StorePaths& paths,
                           SinkEntry& entry) {
  TALLY_TRY(const bool served, shipper::is_served(files, paths, entry.name));
  TALLY_TRY(entry.status, shipper::read_status(files, paths, entry.name));
  TALLY_TRY(const auto paused, store::SinkOrders(files, paths, entry.name).paused());
  entry.condition = served && entry.status ? entry.status->condition : "not running";
  if (served && entry.status) entry.trouble = entry.status->trouble;
  if (!paused) return ok();
  const bool stopped = paused->starts_with(store::kStoppedReason);
  entry.condition = stopped ? "stopped" : "paused";
  entry.trouble = stopped ? paused->substr(store::kStoppedReason.size()) : *paused;
  return ok();
}

}  // namespace

Result<std::vector<SinkEntry>> list_sinks(store::FileSystem& files, const std::string& directory) {
  const store::StorePaths paths(directory);
  TALLY_TRY(const auto listing, store::list_store(files, paths));
  TALLY_TRY(const auto any, store::Cursor::open(files, directory));
  TALLY_TRY(const auto mark, store::read_durable_mark(files, paths));
  TALLY_TRY(const auto cursors, store::read_sink_cursors(files, paths, any.id()));
  std::vector<SinkEntry> entries;
  for (const store::SinkCursor& cursor : cursors) {
    SinkEntry entry;
    entry.name = cursor.name;
    entry.next = cursor.next;
    if (mark && mark->next > cursor.next) entry.lag_events = distance(cursor.next, mark->next);
    if (entry.lag_events > 0) {
      TALLY_TRY(entry.lag_bytes, bytes_from(files, paths, listing, cursor.next));
      TALLY_TRY(entry.waiting_since, receipt_of(files, directory, cursor.next));
    }
    TALLY_TRY(add_condition(files, paths, entry));
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace tally::app
