#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"

namespace tally::store {

/// Tells of a value whether a segment can hold it: a binary fuse filter with 8-bit fingerprints.
/// One in 256 of the values that are not there passes for one that is; 9 to 9.5 bits per value.
/// It comes in sections of up to kSectionKeys values, so that building it takes little memory.
class NeedleFilter {
 public:
  static constexpr std::size_t kSectionKeys = 256 * 1024;

  /// The filter over the hashes (text_hash), of which some may be the same. Nothing: somebody has
  /// chosen the texts so that no filter holds them, which can be done since the hash has no key.
  static std::optional<std::string> build(std::vector<std::uint64_t> hashes);

  /// Reads so many bytes of the filter at an offset.
  using Read = std::function<Result<std::string>(std::uint64_t offset, std::size_t bytes)>;

  /// False: no value with this hash is there. Reads the head and three bytes. Errc::corruption if
  /// the filter, which is `bytes` long, is malformed.
  static Result<bool> may_contain(std::uint64_t hash, std::uint64_t bytes, const Read& read);
};

}  // namespace tally::store
