#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How a number of up to 54 bits becomes a symbol, which is entropy-coded, and a remainder, whose
/// bits are stored as they are. A bucket holds the numbers of one bit length that agree in their
/// two bits below the leading one: narrow enough for the numbers in it to be about equally likely,
/// whatever they measure. docs/format/segment.md.
namespace tally::store {

inline constexpr std::uint64_t kExactSymbols = 64;
inline constexpr unsigned kExactBits = 6;
inline constexpr unsigned kSymbolBits = 3;  ///< of a bucketed number: known from its symbol
inline constexpr unsigned kBucketBitsMax = kExactBits + (256 - 64) / 4;

constexpr std::uint8_t bucket_symbol(std::uint64_t value) noexcept {
  if (value < kExactSymbols) return static_cast<std::uint8_t>(value);
  const auto length = static_cast<unsigned>(std::bit_width(value));
  const std::uint64_t top = (value >> (length - kSymbolBits)) & 3;
  return static_cast<std::uint8_t>(kExactSymbols + (length - kExactBits - 1) * 4 + top);
}

struct Bucket {
  std::uint64_t base = 0;
  unsigned bits = 0;  ///< of the remainder, stored as it is
};

/// By symbol.
inline constexpr std::array<Bucket, 256> kBuckets = [] {
  std::array<Bucket, 256> buckets{};
  for (std::uint64_t symbol = 0; symbol < buckets.size(); ++symbol) {
    if (symbol < kExactSymbols) {
      buckets[symbol] = {symbol, 0};
      continue;
    }
    const auto bits =
        static_cast<unsigned>((symbol - kExactSymbols) / 4) + kExactBits + 1 - kSymbolBits;
    buckets[symbol] = {(4 + (symbol - kExactSymbols) % 4) << bits, bits};
  }
  return buckets;
}();

static_assert(kBuckets[255].bits + kSymbolBits == kBucketBitsMax && kBucketBitsMax == 54);
static_assert(bucket_symbol((std::uint64_t{1} << 54) - 1) == 255);

/// Appends the remainders of the numbers, one after the other without gaps. `symbols` are theirs.
void put_remainders(std::string& out, std::string_view symbols,
                    std::span<const std::uint64_t> values);

/// How many bytes the remainders of all these symbols take.
std::size_t remainders_bytes(std::string_view symbols) noexcept;

/// Which numbers of a list: the first so many, or some, whose indexes ascend.
class IndexPrefix {
 public:
  struct Iterator {
    std::size_t at = 0;

    std::size_t operator*() const noexcept { return at; }
    Iterator& operator++() noexcept {
      ++at;
      return *this;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;
  };

  explicit IndexPrefix(std::size_t count) : count_(count) {}
  Iterator begin() const noexcept { return {0}; }
  Iterator end() const noexcept { return {count_}; }
  std::size_t size() const noexcept { return count_; }

 private:
  std::size_t count_;
};
using IndexList = std::span<const std::uint32_t>;

/// Numbers from symbols and remainders, as many as there are indexes, into `out`, which has that
/// size. `remainders` has remainders_bytes(symbols), and eight readable bytes behind them.
void decode_buckets(std::string_view symbols, std::string_view remainders,
                    const IndexPrefix& indexes, std::vector<std::int64_t>& out) noexcept;
void decode_buckets(std::string_view symbols, std::string_view remainders, const IndexList& indexes,
                    std::vector<std::int64_t>& out) noexcept;

/// The indexes of a number.
std::vector<std::uint32_t> find_in_buckets(std::string_view symbols, std::string_view remainders,
                                           std::uint64_t number);

}  // namespace tally::store
