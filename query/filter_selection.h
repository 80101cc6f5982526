#pragma once

#include "query/filter.h"
#include "store/selection.h"

namespace tally::query {

/// What of a filter a store's cursor can use to read less: the times that all events have to lie
/// between, and the services, containers and errors of which one has to fit. Every event that the
/// filter matches is in the selection.
store::Selection selection_of(const Filter& filter);

}  // namespace tally::query
