#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/batch.h"
#include "store/disk/field_codec.h"

namespace tally::store {

/// A list of source checkpoints as file and commit headers hold it: (text source, text state)*.
void put_checkpoints(std::string& out, std::span<const SourceCheckpoint> checkpoints);

/// Reads all of `in`, which fails if it is malformed or holds more than `count_max`.
std::vector<SourceCheckpoint> read_checkpoints(ByteReader& in, std::size_t count_max);

/// Whether its texts are short enough to be written.
bool within_limits(const SourceCheckpoint& checkpoint) noexcept;

}  // namespace tally::store
