#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace tally::tests {

/// A kind of event that the contract refuses and the schema alone accepts. Each is explained in
/// tests/conformance/disagreements.md under its name.
struct KnownDisagreement {
  std::string_view name;
  bool (*explains)(std::string_view line, std::string_view reason);
};

std::span<const KnownDisagreement> known_disagreements();

}  // namespace tally::tests
