#include "tests/shipper/loki_rules.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace tally::shipper {
namespace {

constexpr std::chrono::hours kBehindMax{1};
constexpr std::chrono::hours kAgeMax{7 * 24};
constexpr std::chrono::minutes kAheadMax{10};
constexpr std::size_t kErrorsToldMax = 10;

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string count_of(std::size_t number) { return quoted(std::to_string(number)); }

/// As the distributor groups what it refuses.
std::string grouped(const std::map<std::string, std::size_t>& errors) {
  std::string text;
  for (const auto& [error, count] : errors) {
    text += (text.empty() ? "" : "; ") + std::to_string(count) + " errors like: " + error;
  }
  return text;
}

}  // namespace

std::string StoredEntry::value(std::string_view name) const {
  for (const auto& [key, text] : metadata) {
    if (key == name) return text;
  }
  return "";
}

std::uint64_t StoredEntry::sequence() const {
  const std::string text = value("seq");
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<Pairs> parse_labels(std::string_view text) {
  if (!text.starts_with('{') || !text.ends_with('}')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  Pairs labels;
  while (!text.empty()) {
    const std::size_t equals = text.find("=\"");
    if (equals == text.npos) return std::nullopt;
    std::string value;
    std::size_t at = equals + 2;
    for (; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\') ++at;
      if (at < text.size()) value += text[at];
    }
    if (at >= text.size()) return std::nullopt;
    labels.emplace_back(text.substr(0, equals), value);
    text.remove_prefix(at + 1);
    if (!text.empty() && !text.starts_with(", ")) return std::nullopt;
    text.remove_prefix(std::min<std::size_t>(2, text.size()));
  }
  return labels;
}

std::string LokiStreams::refusal_of_stream(const std::string& labels) const {
  const auto parsed = parse_labels(labels);
  if (!parsed) return "Error parsing labels " + quoted(labels) + " with error: parse error";
  if (parsed->empty()) return "error at least one label pair is required per stream";
  if (parsed->size() > rules_.max_labels) {
    return "entry for stream " + quoted(labels) + " has " + std::to_string(parsed->size()) +
           " label names; limit " + std::to_string(rules_.max_labels);
  }
  for (const auto& [name, value] : *parsed) {
    if (name.size() > rules_.max_label_name) {
      return "stream " + quoted(labels) + " has label name too long: " + quoted(name);
    }
    if (value.size() > rules_.max_label_value) {
      return "stream " + quoted(labels) + " has label value too long: " + quoted(value);
    }
  }
  return "";
}

std::string LokiStreams::refusal_of_entry(const StoredEntry& entry) const {
  const std::string stream = quoted(entry.labels);
  if (rules_.now != UtcTime{} && entry.time < rules_.now - kAgeMax) {
    return "entry for stream " + stream + " has timestamp too old: " + format_rfc3339(entry.time) +
           ", oldest acceptable timestamp is: " + format_rfc3339(rules_.now - kAgeMax);
  }
  if (rules_.now != UtcTime{} && entry.time > rules_.now + kAheadMax) {
    return "entry for stream " + stream + " has timestamp too new: " + format_rfc3339(entry.time);
  }
  if (entry.line.size() > rules_.max_line) {
    return "Max entry size " + count_of(rules_.max_line) + " bytes exceeded for stream " + stream +
           " while adding an entry with length " + count_of(entry.line.size()) + " bytes";
  }
  if (!rules_.metadata_allowed && !entry.metadata.empty()) {
    return "stream " + stream +
           " includes structured metadata, but this feature is disallowed. Please see "
           "`limits_config.allow_structured_metadata` or contact your Loki administrator to "
           "enable it.";
  }
  std::size_t bytes = 0;
  for (const auto& [name, value] : entry.metadata) bytes += name.size() + value.size();
  if (bytes > rules_.max_metadata_bytes) {
    return "stream " + stream + " has structured metadata too large: " + count_of(bytes) +
           " bytes, limit: " + count_of(rules_.max_metadata_bytes) + " bytes.";
  }
  if (entry.metadata.size() > rules_.max_metadata_entries) {
    return "stream " + stream +
           " has too many structured metadata labels: " + count_of(entry.metadata.size()) +
           ", limit: " + count_of(rules_.max_metadata_entries);
  }
  return "";
}

std::string LokiStreams::push(const DecodedPush& push) {
  std::map<std::string, std::size_t> errors;
  std::string behind;
  for (const DecodedPush::Stream& stream : push.streams) {
    if (const std::string error = refusal_of_stream(stream.labels); !error.empty()) {
      ++errors[error];
      continue;
    }
    std::vector<StoredEntry> good;
    for (const StoredEntry& entry : stream.entries) {
      const std::string error = refusal_of_entry(entry);
      if (error.empty()) {
        good.push_back(entry);
      } else {
        ++errors[error];
      }
    }
    // The ingester tells of one stream only, the last that had something refused.
    if (std::string error = append(stream.labels, good); !error.empty()) behind = error;
  }
  return behind.empty() ? grouped(errors) : behind;
}

void LokiStreams::lose(const std::set<std::uint64_t>& sequences) {
  std::erase_if(entries_,
                [&](const StoredEntry& entry) { return sequences.contains(entry.sequence()); });
}

/// As the ingester does it: an entry equal to the stream's last one passes whatever its time.
std::string LokiStreams::append(const std::string& labels,
                                const std::vector<StoredEntry>& entries) {
  Stream& stream = streams_[labels];
  std::string told;
  std::size_t ignored = 0;
  for (const StoredEntry& entry : entries) {
    if (stream.last == entry) {
      ++taken_;
      continue;
    }
    if (stream.newest != UtcTime::min() && entry.time < stream.newest - kBehindMax) {
      if (++ignored <= kErrorsToldMax) {
        told += "entry with timestamp " + format_rfc3339(entry.time) +
                " ignored, reason: 'entry too far behind, entry timestamp is: " +
                format_rfc3339(entry.time) +
                ", oldest acceptable timestamp is: " + format_rfc3339(stream.newest - kBehindMax) +
                "',\n";
      }
      continue;
    }
    ++taken_;
    stream.newest = std::max(stream.newest, entry.time);
    stream.last = entry;
    if (stream.all.insert(entry).second) entries_.push_back(entry);
  }
  if (ignored == 0) return "";
  return told + "user 'fake', total ignored: " + std::to_string(ignored) + " out of " +
         std::to_string(entries.size()) + " for stream: " + labels;
}

}  // namespace tally::shipper
