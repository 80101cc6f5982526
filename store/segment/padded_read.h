#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/result.h"
#include "store/disk/file_system.h"

namespace tally::store {

/// Bytes of a file, with some readable ones behind them that decoders may look at.
class PaddedBytes {
 public:
  static constexpr std::size_t kPadding = 16;

  PaddedBytes() = default;
  explicit PaddedBytes(std::size_t bytes) : storage_(bytes + kPadding, '\0') {}

  bool empty() const noexcept { return storage_.empty(); }
  char* data() noexcept { return storage_.data(); }
  std::string_view view() const noexcept {
    return empty() ? std::string_view()
                   : std::string_view(storage_).substr(0, storage_.size() - kPadding);
  }

 private:
  std::string storage_;
};

/// Errc::corruption if the file ends before.
Result<PaddedBytes> read_padded(File& file, std::uint64_t offset, std::size_t bytes);

}  // namespace tally::store
