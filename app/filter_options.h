#pragma once

#include <CLI/App.hpp>
#include <string>

#include "model/result.h"
#include "model/time.h"
#include "query/filter_flags.h"
#include "query/matcher.h"
#include "query/zone.h"
#include "store/selection.h"

namespace tally::app {

/// The flags with which `query` and `count` say which events are meant.
struct FilterOptions {
  query::FilterFlags flags;  ///< all but the range, which is still text
  std::string since;
  std::string until;
  bool utc = false;
};

/// `options` must outlive the parse.
void add_filter_options(CLI::App& command, FilterOptions& options);

/// What the options select: the test of an event, and what the store can leave out beforehand.
struct CompiledFilter {
  query::Matcher matcher;
  store::Selection selection;
};

/// Compiles the options, relative times counted from `now`.
Result<CompiledFilter> compile_options(const FilterOptions& options, UtcTime now);

/// UTC or the computer's own zone.
query::Zone zone_of(const FilterOptions& options);

}  // namespace tally::app
