#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "model/result.h"

namespace tally::store {

/// Decompresses zstd frames that follow one another, of any size and skippable ones between them,
/// in bounded memory: for files that others wrote. One thread.
class ZstdStream {
 public:
  ZstdStream();
  ~ZstdStream();
  ZstdStream(ZstdStream&&) noexcept;
  ZstdStream& operator=(ZstdStream&&) noexcept;

  struct Progress {
    std::size_t read = 0;     ///< bytes of the input that are done with
    std::size_t written = 0;  ///< bytes of the output
  };

  /// Goes on with `in`, as far as `out` has room. Errc::corruption if it is no zstd.
  Result<Progress> decode(std::string_view in, std::span<char> out);

  /// Whether the input so far ended with a whole frame: if not at its end, it was cut off.
  bool at_frame_end() const noexcept { return at_frame_end_; }

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  bool at_frame_end_ = true;
};

}  // namespace tally::store
