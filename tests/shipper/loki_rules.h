#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "model/time.h"

namespace tally::shipper {

/// Loki's limits, with its defaults.
struct LokiRules {
  UtcTime now{};  ///< by the receiver's clock; 1970: it does not look at it
  std::size_t max_line = 256 * 1024;
  std::size_t max_labels = 15;
  std::size_t max_label_name = 1024;
  std::size_t max_label_value = 2048;
  std::size_t max_metadata_bytes = 64 * 1024;
  std::size_t max_metadata_entries = 128;
  std::size_t max_body = 16 * 1024 * 1024;  ///< before it is unpacked
  bool metadata_allowed = true;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct StoredEntry {
  std::string labels;
  UtcTime time;
  std::string line;
  Pairs metadata;

  /// The value of a piece of metadata; empty: it has none.
  std::string value(std::string_view name) const;

  /// That of its "seq"; 0: it has none.
  std::uint64_t sequence() const;

  auto key() const { return std::tie(time, line, metadata); }
  bool operator<(const StoredEntry& other) const { return key() < other.key(); }
  bool operator==(const StoredEntry& other) const { return key() == other.key(); }
};

/// A push, decoded.
struct DecodedPush {
  struct Stream {
    std::string labels;
    std::vector<StoredEntry> entries;
  };
  std::vector<Stream> streams;
};

/// Decodes with the generated code what `type` says that it is. Nothing: it is not.
std::optional<DecodedPush> decode_push(std::string_view type, std::string_view body);

/// The body as it was before compression.
std::string unpacked(std::string_view type, std::string_view body);

/// What Loki stores, by its rules.
class LokiStreams {
 public:
  explicit LokiStreams(const LokiRules& rules) : rules_(rules) {}

  /// Stores what is right. Loki's words about what is not; empty: all is stored.
  std::string push(const DecodedPush& push);

  const LokiRules& rules() const noexcept { return rules_; }
  void set_rules(const LokiRules& rules) { rules_ = rules; }

  /// In order of arrival; what came twice with the same bytes is here once.
  const std::vector<StoredEntry>& entries() const noexcept { return entries_; }

  /// Loses the entries with one of these in their "seq", as a disk would.
  void lose(const std::set<std::uint64_t>& sequences);

  /// How many entries were right, those included that were here already.
  std::uint64_t taken() const noexcept { return taken_; }

 private:
  struct Stream {
    UtcTime newest = UtcTime::min();
    std::optional<StoredEntry> last;
    std::set<StoredEntry> all;
  };

  std::string refusal_of_stream(const std::string& labels) const;
  std::string refusal_of_entry(const StoredEntry& entry) const;
  std::string append(const std::string& labels, const std::vector<StoredEntry>& entries);

  LokiRules rules_;
  std::map<std::string, Stream> streams_;
  std::vector<StoredEntry> entries_;
  std::uint64_t taken_ = 0;
};

/// The labels of {a="b", c="d"}. Nothing: that is not how it looks.
std::optional<Pairs> parse_labels(std::string_view text);

}  // namespace tally::shipper
