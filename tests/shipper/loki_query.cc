#include "tests/shipper/loki_query.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <regex>

#include "model/json_text.h"

namespace tally::shipper {
namespace {

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int byte = 0;
    if (text[i] == '%' && i + 2 < text.size()) {
      std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::map<std::string, std::string> parameters_of(std::string_view query) {
  std::map<std::string, std::string> parameters;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(one.size() + 1, query.size()));
    const std::size_t equals = std::min(one.find('='), one.size() - 1);
    parameters[std::string(one.substr(0, equals))] = decoded(one.substr(equals + 1));
  }
  return parameters;
}

template <class Number>
bool read_number(const std::string& text, Number& into) {
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, into);
  return error == std::errc{} && read == end;
}

/// Labels and metadata, as Loki merges them.
std::map<std::string, std::string> merged(const StoredEntry& entry) {
  const Pairs labels = parse_labels(entry.labels).value_or(Pairs{});
  std::map<std::string, std::string> all(labels.begin(), labels.end());
  all.insert(entry.metadata.begin(), entry.metadata.end());
  return all;
}

std::string as_json(const std::map<std::string, std::string>& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    out += out.empty() ? '{' : ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
  }
  return out + '}';
}

}  // namespace

std::optional<LokiQuery> LokiQuery::read(std::string_view query) {
  auto parameters = parameters_of(query);
  LokiQuery read;
  if (!read_number(parameters["start"], read.start_) ||
      !read_number(parameters["end"], read.end_) ||
      !read_number(parameters["limit"], read.limit_) || parameters["direction"] != "forward") {
    return std::nullopt;
  }
  static const std::regex kWhole(R"re(\{(\w+)=~"([^"]*)"\}(.*))re");
  static const std::regex kFilter(R"re(\s*\|\s*(\w+)\s*(=|>=|<)\s*"?([^"\s]*)"?)re");
  std::smatch match;
  const std::string text = parameters["query"];
  if (!std::regex_match(text, match, kWhole)) return std::nullopt;
  read.label_ = match[1];
  read.label_pattern_ = match[2];
  std::string rest = match[3];
  while (!rest.empty()) {
    if (!std::regex_search(rest, match, kFilter, std::regex_constants::match_continuous)) {
      return std::nullopt;
    }
    read.filters_.push_back({match[1], match[2], match[3]});
    rest = match.suffix();
  }
  return read;
}

bool LokiQuery::passes(const StoredEntry& entry) const {
  const std::int64_t time = entry.time.time_since_epoch().count();
  if (time < start_ || time >= end_) return false;
  const auto labels = parse_labels(entry.labels).value_or(Pairs{});
  const auto label = std::ranges::find(labels, label_, &Pairs::value_type::first);
  const std::string of_label = label == labels.end() ? "" : label->second;
  if (!std::regex_match(of_label, std::regex(label_pattern_))) return false;
  return std::ranges::all_of(filters_, [&](const Filter& filter) {
    const std::string value = entry.value(filter.name);
    if (filter.comparison == "=") return value == filter.value;
    double is = 0;
    double bound = 0;
    if (!read_number(value, is) || !read_number(filter.value, bound)) return false;
    return filter.comparison == "<" ? is < bound : is >= bound;
  });
}

std::string LokiQuery::answer(const std::vector<StoredEntry>& entries) const {
  std::vector<const StoredEntry*> found;
  for (const StoredEntry& entry : entries) {
    if (passes(entry)) found.push_back(&entry);
  }
  std::ranges::stable_sort(found, {}, [](const StoredEntry* entry) { return entry->time; });
  found.resize(std::min(found.size(), limit_));
  std::map<std::string, std::string> streams;
  for (const StoredEntry* entry : found) {
    std::string& values = streams[as_json(merged(*entry))];
    values += values.empty() ? "[" : ",[";
    values += '"' + std::to_string(entry->time.time_since_epoch().count()) + "\",";
    append_json_string(values, entry->line);
    values += ']';
  }
  std::string result;
  for (const auto& [labels, values] : streams) {
    result += result.empty() ? R"({"stream":)" : R"(,{"stream":)";
    result += labels;
    result += R"(,"values":[)";
    result += values;
    result += "]}";
  }
  return R"({"status":"success","data":{"resultType":"streams","result":[)" + result +
         R"(],"stats":{}}})";
}

}  // namespace tally::shipper
