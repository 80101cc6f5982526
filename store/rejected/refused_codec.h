#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/batch.h"

namespace tally::store {

/// Bytes that the event takes before compression, at most.
std::size_t refused_bytes(const RefusedEvent& event) noexcept;

/// Whether its texts are short enough to be written.
bool within_limits(const RefusedEvent& event) noexcept;

/// Packs the refused events of a commit into one zstd frame. One per thread: it keeps its context.
class RefusedPacker {
 public:
  RefusedPacker();
  ~RefusedPacker();
  RefusedPacker(RefusedPacker&&) noexcept;
  RefusedPacker& operator=(RefusedPacker&&) noexcept;

  /// The frame; valid until the next call. The events must be within their limits.
  std::string_view pack(std::span<const RefusedEvent> events);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Unpacks what RefusedPacker packed; Errc::corruption. Allocates no more than the limits allow,
/// whatever the bytes are.
Result<std::vector<RefusedEvent>> unpack_refused(std::string_view frame);

}  // namespace tally::store
