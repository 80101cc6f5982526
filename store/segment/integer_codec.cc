#include "store/segment/integer_codec.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>

#include "store/segment/bit_packing.h"

namespace tally::store {
namespace {

/// How a list is stored. Do not renumber: on disk.
enum class Listing : std::uint8_t { constant = 0, symbols = 1, buckets = 2, words = 3 };

/// Set beside the listing: the numbers are zigzag-coded, small ones of either sign.
constexpr std::uint8_t kZigzag = 0x10;

// A bucket holds the numbers of one bit length that agree in their two bits below the leading one:
// narrow enough for the numbers in it to be about equally likely, whatever they measure.
constexpr std::uint64_t kExactSymbols = 64;
constexpr unsigned kExactBits = 6;
constexpr unsigned kSymbolBits = 3;  ///< of a bucketed number: known from its symbol
constexpr unsigned kBucketBitsMax = kExactBits + (256 - 64) / 4;

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

constexpr std::array<Bucket, 256> kBuckets = [] {
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

/// How many bits the remainders of all these symbols take.
/// PERF: arithmetic instead of kBuckets, in stretches of fixed length, so that the compiler takes
/// sixteen symbols at once: every list is gone through like this before its first number is read.
std::size_t remainder_bits(std::string_view symbols) noexcept {
  constexpr std::uint8_t kLess = kExactSymbols / 4 - (kExactBits + 1 - kSymbolBits);
  static_assert(kBuckets[64].bits == 64 / 4 - kLess && kBuckets[255].bits == 255 / 4 - kLess);
  constexpr std::size_t kStretch = 64;
  const auto bits_of_symbol = [](char c) -> std::uint8_t {
    const auto symbol = static_cast<std::uint8_t>(c);
    return static_cast<std::uint8_t>(symbol < kExactSymbols ? 0 : symbol / 4 - kLess);
  };
  std::size_t bits = 0;
  for (; symbols.size() >= kStretch; symbols.remove_prefix(kStretch)) {
    const char* const at = symbols.data();
    std::uint16_t sum = 0;
    for (std::size_t i = 0; i < kStretch; ++i) {
      sum = static_cast<std::uint16_t>(sum + bits_of_symbol(at[i]));
    }
    bits += sum;
  }
  for (const char symbol : symbols) bits += bits_of_symbol(symbol);
  return bits;
}

// Unsigned, so that differences at the ends of the range wrap instead of overflowing.
std::uint64_t bits_of(std::int64_t value) noexcept { return static_cast<std::uint64_t>(value); }
std::int64_t value_of(std::uint64_t bits) noexcept { return static_cast<std::int64_t>(bits); }

std::uint64_t zigzag(std::int64_t value) noexcept {
  return (bits_of(value) << 1) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}

std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? std::uint64_t{0} - bits_of(value) : bits_of(value);
}

/// The largest number that divides all of them; 1 for none.
std::uint64_t common_divisor(std::span<const std::int64_t> values) noexcept {
  std::uint64_t divisor = 0;
  for (const std::int64_t value : values) {
    if (divisor == 1) break;
    const std::uint64_t size = magnitude(value);
    if (divisor == 0 || size % divisor != 0) divisor = std::gcd(divisor, size);
  }
  // One that does not fit the signed range would have to divide nothing but the smallest number.
  return divisor == 0 || divisor > bits_of(std::numeric_limits<std::int64_t>::max()) ? 1 : divisor;
}

/// How a list's numbers become small and not negative.
struct Reduction {
  std::int64_t divisor = 1;
  std::int64_t offset = 0;
  bool zigzag = false;
};

Reduction best_reduction(std::span<const std::int64_t> values) noexcept {
  Reduction best;
  best.divisor = value_of(common_divisor(values));
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const std::int64_t least = *low / best.divisor;
  if (bits_of(*high) - bits_of(*low) < kExactSymbols || *low >= 0) {
    // Close together, or none negative: an offset costs nothing but is of use only if they are far
    // from zero.
    const bool far = bits_of(*high / best.divisor) - bits_of(least) <= bits_of(least);
    if (*low < 0 || far) best.offset = least;
    return best;
  }
  std::size_t shifted = 0;
  std::size_t folded = 0;
  for (const std::int64_t value : values) {
    const std::int64_t quotient = value / best.divisor;
    shifted += static_cast<std::size_t>(std::bit_width(bits_of(quotient) - bits_of(least)));
    folded += static_cast<std::size_t>(std::bit_width(zigzag(quotient)));
  }
  if (shifted <= folded) {
    best.offset = least;
  } else {
    best.zigzag = true;
  }
  return best;
}

void put_list_head(std::string& out, Listing listing, const Reduction& reduction) {
  const std::uint8_t fold = reduction.zigzag ? kZigzag : 0;
  out.push_back(static_cast<char>(static_cast<std::uint8_t>(listing) | fold));
  put_varint(out, bits_of(reduction.divisor));
  put_zigzag(out, reduction.offset);
}

void put_words(std::string& out, std::span<const std::int64_t> values) {
  out.push_back(static_cast<char>(Listing::words));
  for (const std::int64_t value : values) put_fixed64(out, bits_of(value));
}

void put_remainders(std::string& out, std::span<const std::uint64_t> values) {
  BitWriter bits(out);
  for (const std::uint64_t value : values) {
    const unsigned width = kBuckets[bucket_symbol(value)].bits;
    bits.put(value & ((std::uint64_t{1} << width) - 1), width);
  }
  bits.finish();
}

}  // namespace

void IntegerEncoder::encode(std::string& out, std::span<const std::int64_t> values) {
  if (values.empty()) return;
  if (std::all_of(values.begin(), values.end(), [&](auto value) { return value == values[0]; })) {
    out.push_back(static_cast<char>(Listing::constant));
    put_zigzag(out, values[0]);
    return;
  }
  const Reduction reduction = best_reduction(values);
  std::uint64_t largest = 0;
  reduced_.clear();
  for (const std::int64_t value : values) {
    const std::int64_t quotient = reduction.divisor == 1 ? value : value / reduction.divisor;
    reduced_.push_back(reduction.zigzag ? zigzag(quotient)
                                        : bits_of(quotient) - bits_of(reduction.offset));
    largest = std::max(largest, reduced_.back());
  }
  if (std::bit_width(largest) > kBucketBitsMax) return put_words(out, values);
  const bool exact = largest < 256;
  symbols_.resize(reduced_.size());
  std::transform(reduced_.begin(), reduced_.end(), symbols_.begin(), [exact](std::uint64_t value) {
    return static_cast<char>(exact ? value : bucket_symbol(value));
  });
  put_list_head(out, exact ? Listing::symbols : Listing::buckets, reduction);
  packer_->pack(out, symbols_, BytesKind::symbols);
  if (!exact) put_remainders(out, reduced_);
}

void IntegerDecoder::decode(ByteReader& in, std::size_t count, std::vector<std::int64_t>& out,
                            std::size_t wanted) {
  // PERF: not cleared first, because what grows is filled with zeros, for nothing.
  out.resize(std::min(count, wanted));
  if (count > 0) decode_list(in, count, out);
  if (in.failed()) out.clear();
}

/// Fills `out` with the beginning of a list of `count`.
void IntegerDecoder::decode_list(ByteReader& in, std::size_t count,
                                 std::vector<std::int64_t>& out) {
  const std::uint8_t head = in.byte();
  const auto listing = static_cast<Listing>(head & ~kZigzag);
  if (listing == Listing::constant) {
    out.assign(out.size(), in.zigzag());
    return;
  }
  if (listing == Listing::words) {
    const std::string_view words = in.bytes(count * sizeof(std::int64_t));
    if (in.failed()) return;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = value_of(get_fixed64(words.data() + 8 * i));
    return;
  }
  const std::uint64_t divisor = in.varint();
  const std::uint64_t offset = bits_of(in.zigzag());
  if (listing != Listing::symbols && listing != Listing::buckets) in.fail();
  if (in.failed()) return;
  unpacker_->unpack(in, count, symbols_);
  if (in.failed()) return;
  if (listing == Listing::buckets) {
    decode_buckets(in, out);
  } else {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<unsigned char>(symbols_[i]);
  }
  if ((head & kZigzag) != 0) {
    for (std::int64_t& value : out) {
      value = value_of((bits_of(value) >> 1) ^ (~(bits_of(value) & 1) + 1));
    }
  }
  if (divisor == 1 && offset == 0) return;
  for (std::int64_t& value : out) value = value_of((bits_of(value) + offset) * divisor);
}

bool IntegerDecoder::may_contain(ByteReader& in, std::int64_t value, std::size_t count_max) {
  const std::uint8_t head = in.byte();
  if (head == static_cast<std::uint8_t>(Listing::constant)) return in.zigzag() == value;
  const bool exact = head == static_cast<std::uint8_t>(Listing::symbols);
  if (!exact && head != static_cast<std::uint8_t>(Listing::buckets)) return true;
  const std::uint64_t divisor = in.varint();
  const std::uint64_t offset = bits_of(in.zigzag());
  if (in.failed() || divisor == 0 || !unpacker_->unpack_all(in, count_max, symbols_)) return true;
  if (bits_of(value) % divisor != 0) return false;
  const std::uint64_t reduced = bits_of(value) / divisor - offset;
  if (exact) return reduced < 256 && symbols_.find(static_cast<char>(reduced)) != std::string::npos;
  return std::bit_width(reduced) <= kBucketBitsMax && symbols_contain(in, reduced);
}

/// Of the buckets that the number can be in, compares the remainders.
bool IntegerDecoder::symbols_contain(ByteReader& in, std::uint64_t reduced) const {
  const auto wanted = static_cast<char>(bucket_symbol(reduced));
  BitReader remainders(in.bytes((remainder_bits(symbols_) + 7) / 8));
  if (in.failed()) return true;
  std::size_t skipped = 0;
  for (const char symbol : symbols_) {
    const Bucket& bucket = kBuckets[static_cast<unsigned char>(symbol)];
    if (symbol == wanted) {
      remainders.skip(skipped);
      skipped = 0;
      if ((bucket.base | remainders.take(bucket.bits)) == reduced) return true;
    } else {
      skipped += bucket.bits;
    }
  }
  return false;
}

void IntegerDecoder::decode_buckets(ByteReader& in, std::vector<std::int64_t>& out) {
  BitReader remainders(in.bytes((remainder_bits(symbols_) + 7) / 8));
  if (in.failed()) return;
  // PERF: no branch depends on the values, and a symbol's base and width come from one cache line;
  // a number takes about a nanosecond.
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Bucket& bucket = kBuckets[static_cast<unsigned char>(symbols_[i])];
    out[i] = value_of(bucket.base | remainders.take(bucket.bits));
  }
}

namespace {

/// The prediction takes an eighth of each error; 0 stands for the time before.
constexpr unsigned kSlowShift = 3;
constexpr unsigned kShiftMax = 15;

/// How far each is from the prediction.
std::vector<std::int64_t> strays(std::span<const std::int64_t> ticks, unsigned shift) {
  std::vector<std::int64_t> list;
  list.reserve(ticks.size());
  std::int64_t expected = 0;
  for (const std::int64_t tick : ticks) {
    const std::int64_t stray = value_of(bits_of(tick) - bits_of(expected));
    list.push_back(stray);
    expected = value_of(bits_of(expected) + bits_of(stray >> shift));
  }
  return list;
}

std::size_t bit_sum(std::span<const std::int64_t> values) noexcept {
  std::size_t bits = 0;
  for (const std::int64_t value : values) {
    bits += static_cast<std::size_t>(std::bit_width(zigzag(value)));
  }
  return bits;
}

/// How far each time is from the first one.
std::vector<std::int64_t> distances(std::span<const std::int64_t> times) {
  std::vector<std::int64_t> list;
  list.reserve(times.size());
  for (const std::int64_t time : times) list.push_back(value_of(bits_of(time) - bits_of(times[0])));
  return list;
}

}  // namespace

void TimeCodec::encode(std::string& out, std::span<const std::int64_t> times,
                       IntegerEncoder& codec) {
  if (times.empty()) return;
  std::vector<std::int64_t> ticks = distances(times);
  const std::uint64_t unit = common_divisor(ticks);
  if (unit != 1) {
    for (std::int64_t& tick : ticks) tick /= value_of(unit);
  }
  const std::vector<std::int64_t> best = strays(ticks, 0);
  const std::vector<std::int64_t> slow = strays(ticks, kSlowShift);
  const bool use_slow = bit_sum(slow) < bit_sum(best);
  put_varint(out, unit);
  put_zigzag(out, times[0]);
  out.push_back(static_cast<char>(use_slow ? kSlowShift : 0));
  codec.encode(out, use_slow ? slow : best);
}

void TimeCodec::decode(ByteReader& in, std::size_t count, std::vector<std::int64_t>& out,
                       IntegerDecoder& codec, std::size_t wanted) {
  out.clear();
  if (count == 0) return;
  const std::uint64_t unit = in.varint();
  const std::uint64_t first = bits_of(in.zigzag());
  const unsigned shift = in.byte();
  if (shift > kShiftMax) in.fail();
  if (in.failed()) return;
  codec.decode(in, count, out, wanted);
  std::uint64_t expected = 0;
  for (std::int64_t& value : out) {
    const std::int64_t stray = value;
    value = value_of(first + (expected + bits_of(stray)) * unit);
    expected += bits_of(stray >> shift);
  }
}

}  // namespace tally::store
