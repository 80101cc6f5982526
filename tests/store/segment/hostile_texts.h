#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Texts and hashes as somebody would choose them who knows text_hash and means harm: it has no
/// key, and all its steps can be undone.
namespace tally::tests {

/// One of 1024 texts that all have the same text_hash.
std::string text_of_one_hash(unsigned which);

/// Hashes of which no needle filter can be made: for each seed that is tried, two of them share all
/// their places.
std::vector<std::uint64_t> hashes_without_filter();

/// A text of printable ASCII, without quotes and backslashes, that has this text_hash.
std::string text_with_hash(std::uint64_t hash);

}  // namespace tally::tests
