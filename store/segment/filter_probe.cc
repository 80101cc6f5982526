#include "store/segment/filter_probe.h"

#include <string>

#include "store/segment/needle_filter.h"
#include "store/segment/padded_read.h"
#include "store/segment/text_hash.h"

namespace tally::store {

Result<bool> may_contain(File& file, const FilterExtent& filter, std::string_view text) {
  if (filter.bytes == 0) return true;
  const NeedleFilter::Read read = [&](std::uint64_t at, std::size_t bytes) -> Result<std::string> {
    TALLY_TRY(const auto part, read_padded(file, filter.offset + at, bytes));
    return std::string(part.view());
  };
  return NeedleFilter::may_contain(text_hash(text), filter.bytes, read);
}

}  // namespace tally::store
