#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace tally::net {

/// Memory for one large body.
struct BodyBuffer {
  std::unique_ptr<char[]> bytes;
  std::size_t capacity = 0;
};

/// Keeps a few body buffers of one I/O thread for the next bodies: fresh memory costs a page fault
/// for each 4 KiB, which is a good part of the price of reading a body. Not thread-safe.
class BodyBuffers {
 public:
  /// A buffer of at least `capacity` bytes, whose content is undefined.
  BodyBuffer take(std::size_t capacity);

  /// Keeps `buffer`, or frees it if enough are kept.
  void give_back(BodyBuffer buffer);

 private:
  std::vector<BodyBuffer> kept_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace tally::net
