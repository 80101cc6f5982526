#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/event/event_reader.h"
#include "store/event/metadata_reader.h"

namespace tally::query {

enum class LabelKind : std::uint8_t {
  service,
  operation,
  container,
  success,  ///< "true" or "false"
  level,    ///< "info", or "error" when not success
  error,
  metadata,
};

/// What an event can be selected and grouped by. As in Loki, a label that an event does not have is
/// the same as an empty one.
struct Label {
  LabelKind kind = LabelKind::service;
  std::string path;  ///< of metadata: keys joined by dots
};

/// "service", "detected_level", "metadata.duration_ms", …; an unknown name is Errc::invalid and the
/// error names the nearest known one.
Result<Label> parse_label(std::string_view name);

/// Several of them, separated by commas.
Result<std::vector<Label>> parse_labels(std::string_view names);

/// The name that parse_label() reads.
std::string to_string(const Label& label);

/// What must be read of an event to know the label.
store::FieldSet needs(const Label& label) noexcept;

/// The label's value in an event. Lives as long as `event`, and until the next use of `metadata`.
std::string_view value_of(const Label& label, const store::EventFields& event,
                          store::MetadataReader& metadata);

}  // namespace tally::query
