#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/shipper/loki_rules.h"

namespace tally::shipper {

/// What query_range is asked for, as far as this project asks: one label of the stream that has to
/// match, filters `name="text"`, `name >= number` and `name < number` behind it, oldest first.
class LokiQuery {
 public:
  /// `query` is what follows '?' in the request's target. Nothing: it is not understood.
  static std::optional<LokiQuery> read(std::string_view query);

  /// Loki's JSON, structured metadata among the labels.
  std::string answer(const std::vector<StoredEntry>& entries) const;

 private:
  struct Filter {
    std::string name;
    std::string comparison;
    std::string value;
  };

  bool passes(const StoredEntry& entry) const;

  std::string label_;
  std::string label_pattern_;
  std::vector<Filter> filters_;
  std::int64_t start_ = 0;
  std::int64_t end_ = 0;
  std::size_t limit_ = 0;
};

}  // namespace tally::shipper
