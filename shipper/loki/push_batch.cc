#include "shipper/loki/push_batch.h"

namespace tally::shipper {

std::uint64_t PushBatch::memory_bytes() const {
  std::uint64_t bytes = text.capacity() + entries.capacity() * sizeof(PushEntry) +
                        streams.capacity() * sizeof(streams.front());
  for (const RefusedEntry& entry : refused) bytes += entry.line.size() + entry.reason.size();
  return bytes;
}

}  // namespace tally::shipper
