#pragma once

#include <string_view>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/segment/segment_summary.h"

namespace tally::store {

/// Whether the segment in `file` can have a string that stands for `text`: false is certain, true
/// is wrong for one text in 256. Reads a few bytes of the needle filter and nothing else; true
/// where there is no filter. Errc::corruption: it is malformed.
Result<bool> may_contain(File& file, const FilterExtent& filter, std::string_view text);

}  // namespace tally::store
