#include "store/segment/integer_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>

#include "store/segment/integer_buckets.h"

namespace tally::store {
namespace {

/// How a list is stored. Do not renumber: on disk.
enum class Listing : std::uint8_t { constant = 0, symbols = 1, buckets = 2, words = 3 };

/// Set beside the listing: the numbers are zigzag-coded, small ones of either sign.
constexpr std::uint8_t kZigzag = 0x10;

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

/// `quotients`: the numbers, without their common divisor.
Reduction best_reduction(std::span<const std::int64_t> quotients, std::int64_t divisor) noexcept {
  Reduction best;
  best.divisor = divisor;
  const auto [low, high] = std::minmax_element(quotients.begin(), quotients.end());
  const std::uint64_t range = bits_of(*high) - bits_of(*low);
  if (range * bits_of(divisor) < kExactSymbols || *low >= 0) {
    // Close together, or none negative: an offset costs nothing but is of use only if they are far
    // from zero.
    if (*low < 0 || range <= bits_of(*low)) best.offset = *low;
    return best;
  }
  std::size_t shifted = 0;
  std::size_t folded = 0;
  for (const std::int64_t quotient : quotients) {
    shifted += static_cast<std::size_t>(std::bit_width(bits_of(quotient) - bits_of(*low)));
    folded += static_cast<std::size_t>(std::bit_width(zigzag(quotient)));
  }
  if (shifted <= folded) {
    best.offset = *low;
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

}  // namespace

// PERF: a division takes as long as all the rest of a number's way, and most lists need none. (In
// one expression, `divisor == 1 ? value : value / divisor`, the compiler drops the test.)
std::span<const std::int64_t> IntegerEncoder::divided(std::span<const std::int64_t> values,
                                                      std::int64_t divisor) {
  if (divisor == 1) return values;
  quotients_.resize(values.size());
  std::transform(values.begin(), values.end(), quotients_.begin(),
                 [divisor](std::int64_t value) { return value / divisor; });
  return quotients_;
}

void IntegerEncoder::encode(std::string& out, std::span<const std::int64_t> values) {
  if (values.empty()) return;
  if (std::all_of(values.begin(), values.end(), [&](auto value) { return value == values[0]; })) {
    out.push_back(static_cast<char>(Listing::constant));
    put_zigzag(out, values[0]);
    return;
  }
  const std::int64_t divisor = value_of(common_divisor(values));
  const std::span<const std::int64_t> quotients = divided(values, divisor);
  const Reduction reduction = best_reduction(quotients, divisor);
  reduced_.resize(values.size());
  std::transform(quotients.begin(), quotients.end(), reduced_.begin(), [&](std::int64_t value) {
    return reduction.zigzag ? zigzag(value) : bits_of(value) - bits_of(reduction.offset);
  });
  const std::uint64_t largest = *std::max_element(reduced_.begin(), reduced_.end());
  if (std::bit_width(largest) > kBucketBitsMax) return put_words(out, values);
  const bool exact = largest < 256;
  symbols_.resize(reduced_.size());
  std::transform(reduced_.begin(), reduced_.end(), symbols_.begin(), [exact](std::uint64_t value) {
    return static_cast<char>(exact ? value : bucket_symbol(value));
  });
  put_list_head(out, exact ? Listing::symbols : Listing::buckets, reduction);
  packer_->pack(out, symbols_, BytesKind::symbols);
  if (!exact) put_remainders(out, symbols_, reduced_);
}

/// What a list begins with, and how its numbers come back from it.
struct IntegerDecoder::ListHead {
  Listing listing = Listing::constant;
  bool zigzag = false;
  std::uint64_t divisor = 1;
  std::uint64_t offset = 0;  ///< of a constant, the number itself

  void restore(std::vector<std::int64_t>& values) const noexcept;
};

void IntegerDecoder::ListHead::restore(std::vector<std::int64_t>& values) const noexcept {
  if (zigzag) {
    for (std::int64_t& value : values) {
      value = value_of((bits_of(value) >> 1) ^ (~(bits_of(value) & 1) + 1));
    }
  }
  if (divisor == 1 && offset == 0) return;
  for (std::int64_t& value : values) value = value_of((bits_of(value) + offset) * divisor);
}

IntegerDecoder::ListHead IntegerDecoder::read_head(ByteReader& in) {
  const std::uint8_t byte = in.byte();
  ListHead head;
  head.listing = static_cast<Listing>(byte & ~kZigzag);
  switch (head.listing) {
    case Listing::constant:
      head.offset = bits_of(in.zigzag());
      return head;
    case Listing::words:
      return head;
    case Listing::symbols:
    case Listing::buckets:
      head.zigzag = (byte & kZigzag) != 0;
      head.divisor = in.varint();
      head.offset = bits_of(in.zigzag());
      return head;
  }
  in.fail();
  return head;
}

void IntegerDecoder::decode(ByteReader& in, std::size_t count, std::vector<std::int64_t>& out,
                            std::size_t wanted) {
  decode_picked(in, count, IndexPrefix(std::min(count, wanted)), out);
}

void IntegerDecoder::decode_at(ByteReader& in, std::size_t count,
                               std::span<const std::uint32_t> indexes,
                               std::vector<std::int64_t>& out) {
  decode_picked(in, count, indexes, out);
}

template <class Indexes>
void IntegerDecoder::decode_picked(ByteReader& in, std::size_t count, const Indexes& indexes,
                                   std::vector<std::int64_t>& out) {
  // PERF: not cleared first, because what grows is filled with zeros, for nothing.
  out.resize(indexes.size());
  if (count == 0) return;
  const ListHead head = read_head(in);
  if (head.listing == Listing::constant) return out.assign(out.size(), value_of(head.offset));
  std::string_view stored;
  if (head.listing == Listing::words) {
    stored = in.bytes(count * sizeof(std::int64_t));
  } else if (!in.failed()) {
    stored = unpacker_->view(in, count, scratch_);
  }
  if (in.failed()) return out.clear();
  std::size_t i = 0;
  if (head.listing == Listing::buckets) {
    const std::string_view remainders = in.bytes(remainders_bytes(stored));
    if (in.failed()) return out.clear();
    decode_buckets(stored, remainders, indexes, out);
  } else if (head.listing == Listing::words) {
    for (const std::size_t index : indexes) out[i++] = value_of(get_fixed64(&stored[8 * index]));
  } else {
    for (const std::size_t index : indexes) out[i++] = static_cast<unsigned char>(stored[index]);
  }
  head.restore(out);
}

std::optional<std::vector<std::uint32_t>> IntegerDecoder::find(ByteReader& in, std::int64_t value,
                                                               std::size_t count_max) {
  using Found = std::vector<std::uint32_t>;
  const ListHead head = read_head(in);
  if (in.failed() || head.listing == Listing::words || head.zigzag) return std::nullopt;
  if (head.listing == Listing::constant) {
    return value_of(head.offset) == value ? std::nullopt : std::optional(Found());
  }
  if (head.divisor == 0 || !unpacker_->unpack_all(in, count_max, scratch_)) return std::nullopt;
  if (bits_of(value) % head.divisor != 0) return Found();
  const std::uint64_t reduced = bits_of(value) / head.divisor - head.offset;
  if (head.listing == Listing::buckets) {
    const std::string_view remainders = in.bytes(remainders_bytes(scratch_));
    if (in.failed()) return std::nullopt;
    return find_in_buckets(scratch_, remainders, reduced);
  }
  Found found;
  if (reduced >= 256) return found;
  const auto wanted = static_cast<char>(reduced);
  for (std::size_t at = 0; (at = scratch_.find(wanted, at)) != std::string::npos; ++at) {
    found.push_back(static_cast<std::uint32_t>(at));
  }
  return found;
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
