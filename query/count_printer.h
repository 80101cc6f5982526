#pragma once

#include <span>
#include <string>

#include "query/count_run.h"
#include "query/event_printer.h"

namespace tally::query {

/// Writes the rows of a count as table, jsonl or csv. A plain total is, as a table, its number. As
/// jsonl values are strings, as labels are in Loki; times are RFC 3339 in the options' zone.
void print_counts(std::span<const CountRow> rows, const CountOptions& options, OutputFormat format,
                  bool colours, std::string& out);

}  // namespace tally::query
