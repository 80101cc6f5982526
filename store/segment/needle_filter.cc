#include "store/segment/needle_filter.h"

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
constexpr int kAttemptsMax = 100;

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

struct Places {
  std::array<std::uint32_t, 3> at{};
  std::uint8_t fingerprint = 0;
};

Places places_of(std::uint64_t key, const Layout& layout) noexcept {
  const std::uint64_t hash = mixed(key + layout.seed);
  // The upper half of hash * first_places, which is even over [0, first_places).
  const std::uint64_t high = (hash >> 32) * layout.first_places;
  const std::uint64_t low = (hash & 0xFFFFFFFF) * layout.first_places;
  const auto first = static_cast<std::uint32_t>((high + (low >> 32)) >> 32);
  const std::uint32_t mask = layout.segment_length - 1;
  return {{first, (first + layout.segment_length) ^ (static_cast<std::uint32_t>(hash >> 18) & mask),
           (first + 2 * layout.segment_length) ^ (static_cast<std::uint32_t>(hash) & mask)},
          static_cast<std::uint8_t>(hash ^ (hash >> 32))};
}

/// Finds an order in which each key has a place that no later one uses: by peeling off, again and
/// again, the keys that are alone in a place.
class Peeling {
 public:
  /// Tries seeds until there is such an order; may rearrange the keys.
  Layout fill(std::span<std::uint64_t> keys);

  /// The table that gives each key its fingerprint.
  std::string table(const Layout& layout) const;

 private:
  struct Peeled {
    std::uint64_t key;
    std::uint32_t place;
  };

  /// False: there is no order with this seed.
  bool run(std::span<const std::uint64_t> keys, const Layout& layout);
  void toggle(std::uint64_t key, const Places& places, int change);

  std::vector<std::uint64_t> keys_at_;  ///< exclusive or of the keys that have the place
  std::vector<std::uint32_t> count_at_;
  std::vector<Peeled> order_;
};

Layout Peeling::fill(std::span<std::uint64_t> keys) {
  Layout layout = layout_for(keys.size());
  // Two keys that are the same are never alone. They are rare, so nobody looks for them before it
  // has failed. Distinct ones fail one time in ten or less, and never so often in a row.
  for (int attempt = 0; !run(keys, layout); ++attempt) {
    TALLY_CHECK(attempt < kAttemptsMax);
    if (attempt == 0) {
      std::sort(keys.begin(), keys.end());
      const auto end = std::unique(keys.begin(), keys.end());
      keys = keys.first(static_cast<std::size_t>(end - keys.begin()));
      layout = layout_for(keys.size());
    }
    layout.seed = mixed(layout.seed + 1);
  }
  return layout;
}

bool Peeling::run(std::span<const std::uint64_t> keys, const Layout& layout) {
  keys_at_.assign(layout.bytes(), 0);
  count_at_.assign(layout.bytes(), 0);
  order_.clear();
  for (const std::uint64_t key : keys) toggle(key, places_of(key, layout), 1);
  std::vector<std::uint32_t> alone;
  for (std::uint32_t place = 0; place < count_at_.size(); ++place) {
    if (count_at_[place] == 1) alone.push_back(place);
  }
  while (!alone.empty()) {
    const std::uint32_t place = alone.back();
    alone.pop_back();
    if (count_at_[place] != 1) continue;
    const std::uint64_t key = keys_at_[place];
    order_.push_back({key, place});
    const Places places = places_of(key, layout);
    toggle(key, places, -1);
    for (const std::uint32_t other : places.at) {
      if (count_at_[other] == 1) alone.push_back(other);
    }
  }
  return order_.size() == keys.size();
}

void Peeling::toggle(std::uint64_t key, const Places& places, int change) {
  for (const std::uint32_t place : places.at) {
    keys_at_[place] ^= key;
    count_at_[place] += static_cast<std::uint32_t>(change);
  }
}

std::string Peeling::table(const Layout& layout) const {
  std::string table(layout.bytes(), '\0');
  for (auto peeled = order_.rbegin(); peeled != order_.rend(); ++peeled) {
    const Places places = places_of(peeled->key, layout);
    char value = static_cast<char>(places.fingerprint);
    for (const std::uint32_t place : places.at) {
      if (place != peeled->place) value = static_cast<char>(value ^ table[place]);
    }
    table[peeled->place] = value;
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

void NeedleFilter::put(std::string& out, std::vector<std::uint64_t>& hashes) {
  const std::size_t sections =
      std::max<std::size_t>(1, (hashes.size() + kSectionKeys - 1) / kSectionKeys);
  const auto log = static_cast<unsigned>(std::bit_width(std::bit_ceil(sections)) - 1);
  TALLY_CHECK(log <= kSectionsLogMax);
  out.push_back(static_cast<char>(log));
  std::string tables;
  auto begin = hashes.begin();
  Peeling peeling;
  for (std::size_t section = 0; section < std::size_t{1} << log; ++section) {
    const auto end = std::partition(
        begin, hashes.end(), [&](std::uint64_t hash) { return section_of(hash, log) == section; });
    const Layout layout = peeling.fill({begin, end});
    put_record(out, layout);
    tables += peeling.table(layout);
    begin = end;
  }
  out += tables;
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
  const Places places = places_of(hash, layout);
  std::uint8_t combined = places.fingerprint;
  for (const std::uint32_t place : places.at) {
    TALLY_TRY(const std::string byte, read(offset + place, 1));
    combined ^= static_cast<std::uint8_t>(byte[0]);
  }
  return combined == 0;
}

}  // namespace tally::store
