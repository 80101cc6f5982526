#pragma once

#include <optional>
#include <string_view>

#include "ingest/validator.h"

namespace tally::ingest {

/// The form of a body as its Content-Type names it, parameters left aside; none for a type that
/// holds no events. A missing type and curl's default are sniffed, and so is JSON, which may be an
/// object or an array.
std::optional<BodyForm> body_form(std::string_view content_type) noexcept;

}  // namespace tally::ingest
