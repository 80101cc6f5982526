#include "store/segment/needle_filter.h"

#include <boost/sort/spreadsort/integer_sort.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>

#include "model/check.h"
#include "store/disk/field_codec.h"
#include "store/segment/text_hash.h"

namespace tally::store {
namespace {

// After Graf and Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", 2022. Each key
// has three places, in three neighbouring segments of the table; the bytes there give its
// fingerprint when they are combined by exclusive or.

constexpr std::size_t kHeadBytes = 1;            ///< binary logarithm of the number of sections
constexpr std::size_t kRecordBytes = 8 + 4 + 4;  ///< seed, segment length, first places
constexpr unsigned kSectionsLogMax = 8;
constexpr std::uint32_t kSegmentLengthMax = 256 * 1024;

/// Distinct keys fail with a seed one time in ten or less, so they never do so often in a row,
/// unless somebody has chosen them to.
constexpr int kAttemptsMax = 32;

/// The geometry of a section's table.
struct Layout {
  std::uint64_t seed = 0;
  std::uint32_t segment_length = 0;  ///< a power of two
  std::uint32_t first_places = 0;    ///< a key's first place lies below; a multiple of the length

  std::size_t bytes() const noexcept {
    return first_places == 0 ? 0 : std::size_t{first_places} + 2 * segment_length;
  }
};

Layout layout_for(std::size_t keys) {
  if (keys == 0) return {};
  const auto size = static_cast<double>(std::max<std::size_t>(keys, 2));
  const double log_size = std::log(size);
  const auto length = std::min<std::uint32_t>(
      std::uint32_t{1} << static_cast<unsigned>(log_size / std::log(3.33) + 2.25),
      kSegmentLengthMax);
  const double factor = std::max(1.125, 0.875 + 0.25 * std::log(1e6) / log_size);
  const auto capacity = static_cast<std::uint32_t>(size * factor);
  const std::uint32_t segments = (capacity + length - 1) / length;
  return {0, length, std::max<std::uint32_t>(segments > 2 ? segments - 2 : 1, 1) * length};
}

using Places = std::array<std::uint32_t, 3>;

// PERF: inline, since three numbers returned by a call go through memory: half of all the time.
inline Places places_of(std::uint64_t hash, const Layout& layout) noexcept {
  // The upper half of hash * first_places, which is even over [0, first_places).
  const std::uint64_t high = (hash >> 32) * layout.first_places;
  const std::uint64_t low = (hash & 0xFFFFFFFF) * layout.first_places;
  const auto first = static_cast<std::uint32_t>((high + (low >> 32)) >> 32);
  const std::uint32_t mask = layout.segment_length - 1;
  return {first, (first + layout.segment_length) ^ (static_cast<std::uint32_t>(hash >> 18) & mask),
          (first + 2 * layout.segment_length) ^ (static_cast<std::uint32_t>(hash) & mask)};
}

std::uint8_t fingerprint_of(std::uint64_t hash) noexcept {
  return static_cast<std::uint8_t>(hash ^ (hash >> 32));
}

/// Finds an order in which each key has a place that no later one uses: by peeling off, again and
/// again, the keys that are alone in a place.
class Peeling {
 public:
  /// Tries seeds until there is such an order of the keys, which are distinct. Nothing: there is
  /// none with any of them.
  std::optional<Layout> fill(std::span<const std::uint64_t> keys);

  /// The table that gives each key its fingerprint.
  std::string table(const Layout& layout) const;

 private:
  struct Peeled {
    std::uint64_t hash;
    std::uint32_t place;
  };

  bool run(std::span<const std::uint64_t> keys, const Layout& layout);
  void count(std::span<const std::uint64_t> keys, const Layout& layout);

  std::vector<std::uint64_t> hashes_at_;  ///< exclusive or of the hashes that have the place
  std::vector<std::uint32_t> count_at_;
  std::vector<std::uint32_t> alone_;  ///< places that had one key when they were put here
  std::vector<Peeled> order_;
};

std::optional<Layout> Peeling::fill(std::span<const std::uint64_t> keys) {
  Layout layout = layout_for(keys.size());
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    if (run(keys, layout)) return layout;
    layout.seed = mixed(layout.seed + 1);
  }
  return std::nullopt;
}

void Peeling::count(std::span<const std::uint64_t> keys, const Layout& layout) {
  hashes_at_.assign(layout.bytes(), 0);
  count_at_.assign(layout.bytes(), 0);
  for (const std::uint64_t key : keys) {
    const std::uint64_t hash = mixed(key + layout.seed);
    const Places places = places_of(hash, layout);
    for (const std::uint32_t place : places) {
      hashes_at_[place] ^= hash;
      ++count_at_[place];
    }
  }
}

bool Peeling::run(std::span<const std::uint64_t> keys, const Layout& layout) {
  count(keys, layout);
  order_.clear();
  alone_.clear();
  for (std::uint32_t place = 0; place < count_at_.size(); ++place) {
    if (count_at_[place] == 1) alone_.push_back(place);
  }
  while (!alone_.empty()) {
    const std::uint32_t place = alone_.back();
    alone_.pop_back();
    if (count_at_[place] != 1) continue;
    const std::uint64_t hash = hashes_at_[place];
    order_.push_back({hash, place});
    const Places places = places_of(hash, layout);
    for (const std::uint32_t other : places) {
      hashes_at_[other] ^= hash;
      if (--count_at_[other] == 1) alone_.push_back(other);
    }
  }
  return order_.size() == keys.size();
}

std::string Peeling::table(const Layout& layout) const {
  std::string table(layout.bytes(), '\0');
  for (auto peeled = order_.rbegin(); peeled != order_.rend(); ++peeled) {
    const Places places = places_of(peeled->hash, layout);
    // What is at its own place is 0 still.
    table[peeled->place] = static_cast<char>(fingerprint_of(peeled->hash) ^ table[places[0]] ^
                                             table[places[1]] ^ table[places[2]]);
  }
  return table;
}

void put_record(std::string& out, const Layout& layout) {
  put_fixed64(out, layout.seed);
  put_fixed32(out, layout.segment_length);
  put_fixed32(out, layout.first_places);
}

/// The record of one section, believed only if its table can be looked up in.
bool read_record(std::string_view bytes, Layout& layout) noexcept {
  layout = {get_fixed64(bytes.data()), get_fixed32(bytes.data() + 8),
            get_fixed32(bytes.data() + 12)};
  if (layout.first_places == 0) return true;
  return std::has_single_bit(layout.segment_length) && layout.segment_length <= kSegmentLengthMax &&
         layout.first_places % layout.segment_length == 0 && layout.first_places < (1U << 30);
}

std::size_t section_of(std::uint64_t hash, unsigned log) noexcept {
  return log == 0 ? 0 : static_cast<std::size_t>(hash >> (64 - log));
}

}  // namespace

std::optional<std::string> NeedleFilter::build(std::vector<std::uint64_t> hashes) {
  boost::sort::spreadsort::integer_sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  const std::size_t sections =
      std::max<std::size_t>(1, (hashes.size() + kSectionKeys - 1) / kSectionKeys);
  const auto log = static_cast<unsigned>(std::bit_width(std::bit_ceil(sections)) - 1);
  TALLY_CHECK(log <= kSectionsLogMax);
  std::string filter(1, static_cast<char>(log));
  std::string tables;
  Peeling peeling;
  auto begin = hashes.begin();
  for (std::size_t section = 0; section < std::size_t{1} << log; ++section) {
    const auto end = std::partition_point(
        begin, hashes.end(), [&](std::uint64_t hash) { return section_of(hash, log) == section; });
    if (static_cast<std::size_t>(end - begin) > 2 * kSectionKeys) return std::nullopt;
    const auto layout = peeling.fill({begin, end});
    if (!layout) return std::nullopt;
    put_record(filter, *layout);
    tables += peeling.table(*layout);
    begin = end;
  }
  return filter + tables;
}

Result<bool> NeedleFilter::may_contain(std::uint64_t hash, std::uint64_t bytes, const Read& read) {
  const Error malformed{Errc::corruption, "needle filter is malformed"};
  if (bytes < kHeadBytes) return malformed;
  TALLY_TRY(const std::string head, read(0, kHeadBytes));
  const auto log = static_cast<unsigned char>(head[0]);
  if (log > kSectionsLogMax) return malformed;
  const std::size_t sections = std::size_t{1} << log;
  std::uint64_t offset = kHeadBytes + sections * kRecordBytes;
  if (bytes < offset) return malformed;
  TALLY_TRY(const std::string records, read(kHeadBytes, sections * kRecordBytes));
  Layout layout;
  for (std::size_t section = 0;; ++section) {
    if (!read_record(std::string_view(records).substr(section * kRecordBytes), layout)) {
      return malformed;
    }
    if (section == section_of(hash, log)) break;
    offset += layout.bytes();
  }
  if (layout.bytes() == 0) return false;
  if (bytes < offset + layout.bytes()) return malformed;
  const std::uint64_t spread = mixed(hash + layout.seed);
  std::uint8_t combined = fingerprint_of(spread);
  for (const std::uint32_t place : places_of(spread, layout)) {
    TALLY_TRY(const std::string byte, read(offset + place, 1));
    combined ^= static_cast<std::uint8_t>(byte[0]);
  }
  return combined == 0;
}

}  // namespace tally::store
