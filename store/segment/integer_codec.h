#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/disk/field_codec.h"
#include "store/segment/packed_bytes.h"

namespace tally::store {

/// Of a list: as many values as it has.
inline constexpr std::size_t kAllValues = std::numeric_limits<std::size_t>::max();

/// Writes lists of integers: codes of a small alphabet as well as measurements. A common divisor
/// and an offset are taken out first; what remains is a symbol each, entropy-coded, and for numbers
/// from 64 on their low bits as they are. One per thread: it keeps buffers.
class IntegerEncoder {
 public:
  explicit IntegerEncoder(BytesPacker& packer) : packer_(&packer) {}

  /// Appends the list; its length is not written.
  void encode(std::string& out, std::span<const std::int64_t> values);

 private:
  std::span<const std::int64_t> divided(std::span<const std::int64_t> values, std::int64_t divisor);

  BytesPacker* packer_;
  std::vector<std::int64_t> quotients_;
  std::vector<std::uint64_t> reduced_;
  std::string symbols_;
};

/// Reads them back. One per thread. Eight bytes behind what is read have to be readable.
class IntegerDecoder {
 public:
  explicit IntegerDecoder(BytesUnpacker& unpacker) : unpacker_(&unpacker) {}

  /// Reads a list of `count` values, and writes the first `wanted` of them into `out`, which they
  /// replace; `in` fails if they are not there. The caller has made sure that it wants to allocate
  /// as many.
  void decode(ByteReader& in, std::size_t count, std::vector<std::int64_t>& out,
              std::size_t wanted = kAllValues);

  /// The same of those at `indexes` alone, which ascend and are below `count`.
  void decode_at(ByteReader& in, std::size_t count, std::span<const std::uint32_t> indexes,
                 std::vector<std::int64_t>& out);

  /// Where in the list that comes next this value is, which is not negative. Looks at symbols, as
  /// many as there are, `count_max` at most. Nothing if the list is stored in a way that does not
  /// tell, or is malformed.
  std::optional<std::vector<std::uint32_t>> find(ByteReader& in, std::int64_t value,
                                                 std::size_t count_max);

 private:
  struct ListHead;

  static ListHead read_head(ByteReader& in);
  template <class Indexes>
  void decode_picked(ByteReader& in, std::size_t count, const Indexes& indexes,
                     std::vector<std::int64_t>& out);

  BytesUnpacker* unpacker_;
  std::string scratch_;
};

/// How far a chronicle of times strays from a prediction that learns from each. Times of different
/// services come late by different amounts: the one before is a worse guess than an average.
class TimeCodec {
 public:
  /// Appends the times; their number is not written.
  static void encode(std::string& out, std::span<const std::int64_t> times, IntegerEncoder& codec);
  static void decode(ByteReader& in, std::size_t count, std::vector<std::int64_t>& out,
                     IntegerDecoder& codec, std::size_t wanted = kAllValues);
};

}  // namespace tally::store
