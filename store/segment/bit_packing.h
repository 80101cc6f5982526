#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tally::store {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in memory");

/// The most bits that one number may have.
inline constexpr unsigned kPackedBitsMax = 56;

/// Appends numbers of any number of bits to a string, the lowest bit first.
class BitWriter {
 public:
  /// `bytes`: how many the numbers will take at most, together.
  BitWriter(std::string& out, std::size_t bytes) : out_(&out), at_(out.size()) {
    out.resize(at_ + bytes + sizeof pending_);
  }

  /// `value` has no bit set from `bits` on, which is kPackedBitsMax at most.
  void put(std::uint64_t value, unsigned bits) {
    pending_ |= value << used_;
    std::memcpy(out_->data() + at_, &pending_, sizeof pending_);
    used_ += bits;
    at_ += used_ / 8;
    pending_ >>= used_ & ~7U;
    used_ %= 8;
  }

  /// The last byte ends in zeros.
  void finish() { out_->resize(at_ + (used_ > 0 ? 1 : 0)); }

 private:
  std::string* out_;
  std::size_t at_;             ///< where pending_ goes
  std::uint64_t pending_ = 0;  ///< what is not whole bytes yet
  unsigned used_ = 0;          ///< bits of it, fewer than 8 between calls
};

/// Reads them back. It may look at eight bytes behind the last bit that it is asked for: they have
/// to be readable. That there are as many bits is for the caller to know.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) noexcept : data_(bytes.data()) {}

  std::uint64_t take(unsigned bits) noexcept {
    std::uint64_t word;
    std::memcpy(&word, data_ + position_ / 8, sizeof word);
    const std::uint64_t value = (word >> (position_ % 8)) & ((std::uint64_t{1} << bits) - 1);
    position_ += bits;
    return value;
  }

  void skip(std::size_t bits) noexcept { position_ += bits; }

 private:
  const char* data_;
  std::size_t position_ = 0;
};

}  // namespace tally::store
