#pragma once

#include <string>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "model/time.h"

namespace tally::shipper {

/// An entry of ours that Loki has.
struct FoundEntry {
  Sequence sequence{};
  UtcTime time{};  ///< as which it is stored
};

/// Reads what Loki answers to query_range with streams, where structured metadata stands among the
/// labels. Errc::corruption: it cannot be understood.
Result<std::vector<FoundEntry>> read_query_answer(const std::string& json);

}  // namespace tally::shipper
