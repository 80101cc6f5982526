#include "shipper/lag_look.h"

#include <algorithm>

#include "store/cursor.h"
#include "store/journal/durable_mark.h"
#include "store/sink_cursors.h"

namespace tally::shipper {
namespace {

/// Of a sink that has not begun since the start, its cursor says it.
Result<Sequence> next_of(const ShipperParts& parts, const store::StoreId& store) {
  const Sequence known = parts.board.stats().next;
  if (known != Sequence{}) return known;
  TALLY_TRY(const auto cursors, store::read_sink_cursors(*parts.files, parts.paths, store));
  const auto own = std::ranges::find(cursors, parts.options.name, &store::SinkCursor::name);
  return own == cursors.end() ? kFirstSequence : own->next;
}

/// The first event that waits is looked for once: it stays the same until something arrives.
Result<void> look(ShipperParts& parts) {
  TALLY_TRY(const auto mark, store::read_durable_mark(*parts.files, parts.paths));
  if (!mark) return ok();
  parts.board.set_end(mark->next);
  const ShipperStats stats = parts.board.stats();
  if (stats.next >= mark->next || stats.waiting_since != UtcTime{}) return ok();
  TALLY_TRY(const auto any, store::Cursor::open(*parts.files, parts.paths.directory));
  TALLY_TRY(const Sequence next, next_of(parts, any.id()));
  TALLY_TRY(auto cursor, store::Cursor::open(*parts.files, parts.paths.directory, next));
  TALLY_TRY(const auto waiting, cursor.next());
  parts.board.set_next(next, waiting ? waiting->runs.front().received : UtcTime{});
  return ok();
}

}  // namespace

void look_at_lag(ShipperParts& parts) { (void)look(parts); }

}  // namespace tally::shipper
