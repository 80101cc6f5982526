#pragma once

#include <string>
#include <vector>

#include "model/result.h"
#include "query/filter.h"

namespace tally::query {

/// What the user asked for by flags. Values of one flag are alternatives; different flags must all
/// hold.
struct FilterFlags {
  std::vector<std::string> services;
  std::vector<std::string> operations;
  std::vector<std::string> containers;  ///< "" fits events without a container
  std::vector<std::string> texts;       ///< that the line contains
  bool succeeded = false;
  bool failed = false;
  TimeRange range;
};

/// The tree that the flags stand for. Errc::invalid where no event can fit: succeeded and failed,
/// or a range that ends before it begins.
Result<Filter> build_filter(const FilterFlags& flags);

}  // namespace tally::query
