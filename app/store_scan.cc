#include "app/store_scan.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "app/damage_text.h"

namespace tally::app {
namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

Result<store::Cursor> open_store(CommandContext& context, const std::string& directory,
                                 store::Selection selection) {
  auto cursor = store::Cursor::open(context.files, directory, kFirstSequence, std::move(selection));
  if (cursor || cursor.error().code != Errc::not_found) return cursor;
  return Error{Errc::not_found,
               fmt::format("there is no store in {0}: name its directory with --data DIR or the "
                           "variable TALLY_DATA, or start one with: tally serve --data {0}",
                           directory)};
}

void warn_of_damage(std::span<const store::CorruptRange> corrupt) {
  for (const store::CorruptRange& range : corrupt) {
    fail("warning: " + damage_text(range) + "; the rest is shown");
  }
  if (!corrupt.empty()) fail(kSalvageHint);
}

void warn_of_damage(const store::Cursor& cursor, const query::ScanStats& stats) {
  warn_of_damage(cursor.corrupt());
  for (const store::RemovedEvents& removed : cursor.removed()) {
    const auto first = to_number(removed.first);
    fail(
        fmt::format("warning: events {} to {} are missing: the disk was full, and retention "
                    "removed them before they were read",
                    first, first + removed.count - 1));
  }
  if (stats.damaged > 0) {
    fail(fmt::format("warning: {} stored lines are not events and were left out", stats.damaged));
  }
}

void print_stats(const query::ScanStats& stats) {
  const double busy = seconds(stats.read + stats.filter);
  fmt::print(stderr,
             "{} chunks, {:.1f} MB of lines, {} events read, {} matched\n"
             "seconds: read {:.3f}, filter {:.3f}, sort and print {:.3f}; {:.2f} M events/s read "
             "and filtered\n",
             stats.chunks, static_cast<double>(stats.bytes) / 1e6, stats.events, stats.matched,
             seconds(stats.read), seconds(stats.filter), seconds(stats.output),
             busy > 0 ? static_cast<double>(stats.events) / 1e6 / busy : 0.0);
}

}  // namespace tally::app
