#pragma once

#include <string>

namespace tally::tests {

/// What a shell command prints on its standard output.
std::string output_of(const std::string& command);

}  // namespace tally::tests
