#pragma once

#include <string>

namespace tally::tests {

/// The bytes that the hexdump of a page under docs/format shows: the lines of the form "0010  a0 a1
/// what they are" whose offsets go on from one another, from 0000. `page` is relative to the root
/// of the sources.
std::string dumped_bytes(const std::string& page);

}  // namespace tally::tests
