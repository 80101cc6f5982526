#pragma once

#include <span>
#include <string>

#include "app/command.h"
#include "model/result.h"
#include "query/scan.h"
#include "store/cursor.h"

namespace tally::app {

/// Opens the store in `directory` to read it. Errc::not_found says how to name another one or to
/// start one.
Result<store::Cursor> open_store(CommandContext& context, const std::string& directory,
                                 store::Selection selection);

/// Tells on stderr what was found damaged, or removed on the way; the rest was shown.
void warn_of_damage(std::span<const store::CorruptRange> corrupt);
void warn_of_damage(const store::Cursor& cursor, const query::ScanStats& stats);

/// Prints what the scan went through and what it took to stderr.
void print_stats(const query::ScanStats& stats);

}  // namespace tally::app
