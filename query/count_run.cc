#include "query/count_run.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>
#include <utility>

#include "query/stopwatch.h"

namespace tally::query {
namespace {

// A group's key: the bucket's beginning if there are buckets, then length and text of each label.

template <class Number>
void append_number(std::string& key, Number number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

template <class Number>
Number take_number(std::string_view& key) {
  Number number{};
  std::memcpy(&number, key.data(), sizeof(number));
  key.remove_prefix(sizeof(number));
  return number;
}

void append_text(std::string& key, std::string_view text) {
  append_number(key, static_cast<std::uint32_t>(text.size()));
  key.append(text);
}

std::string key_of_values(const std::vector<std::string>& values) {
  std::string key;
  for (const std::string& value : values) append_text(key, value);
  return key;
}

/// The highest count first, then by values.
bool comes_before(const CountRow& a, const CountRow& b) {
  return std::tie(a.bucket, b.count, a.values) < std::tie(b.bucket, a.count, b.values);
}

}  // namespace

CountRun::CountRun(Matcher matcher, CountOptions options)
    : options_(std::move(options)), matcher_(std::move(matcher)), groups_(options_.groups_max) {
  readers_.wanted = matcher_.wanted();
  for (const Label& label : options_.by) readers_.wanted = readers_.wanted | needs(label);
  if (!options_.every) return;
  readers_.wanted = readers_.wanted | store::FieldSet::time;
  buckets_.emplace(*options_.every, options_.zone);
}

Result<void> CountRun::count(ScannedEvent& event) {
  key_.clear();
  if (!options_.by.empty() || buckets_) {
    const store::EventFields* fields = event.fields();
    if (fields == nullptr) return ok();
    if (buckets_) {
      append_number(key_, buckets_->start_of(fields->time.utc).time_since_epoch().count());
    }
    for (const Label& label : options_.by) {
      append_text(key_, value_of(label, *fields, event.metadata()));
    }
    TALLY_TRY(groups_.add(key_, 1));
  }
  ++stats_.matched;
  return ok();
}

Result<bool> CountRun::take(const store::Chunk& chunk) {
  const Stopwatch watch(stats_.filter);
  Result<void> outcome = ok();
  stats_.events += for_each_event(chunk, readers_, [&](ScannedEvent& event) {
    if (matcher_.matches(event)) outcome = count(event);
    if (event.is_damaged()) ++stats_.damaged;
    return outcome.has_value();
  });
  ++stats_.chunks;
  stats_.bytes += chunk.lines.size();
  TALLY_TRY(std::move(outcome));
  return true;
}

CountRow CountRun::row_of(const GroupTable::Group& group) const {
  CountRow row;
  row.count = group.count;
  std::string_view key = groups_.key_of(group);
  if (buckets_) {
    row.bucket = UtcTime{std::chrono::nanoseconds{take_number<std::int64_t>(key)}};
  }
  for (std::size_t i = 0; i < options_.by.size(); ++i) {
    const auto length = take_number<std::uint32_t>(key);
    row.values.emplace_back(key.substr(0, length));
    key.remove_prefix(length);
  }
  return row;
}

/// Leaves the rows of the groups whose counts, over all buckets, are the highest.
Result<void> CountRun::keep_top(std::vector<CountRow>& rows) const {
  GroupTable totals(options_.groups_max);
  for (const CountRow& row : rows) {
    TALLY_TRY(totals.add(key_of_values(row.values), row.count));
  }
  std::vector<CountRow> ranking;
  ranking.reserve(totals.groups().size());
  for (const CountRow& row : rows) {
    const std::uint64_t total = totals.count_of(key_of_values(row.values));
    ranking.push_back({std::nullopt, row.values, total});
  }
  std::sort(ranking.begin(), ranking.end(), comes_before);
  ranking.erase(std::unique(ranking.begin(), ranking.end()), ranking.end());
  if (ranking.size() <= *options_.top) return ok();
  ranking.resize(*options_.top);
  std::erase_if(rows, [&](const CountRow& row) {
    const CountRow total{std::nullopt, row.values, totals.count_of(key_of_values(row.values))};
    return !std::binary_search(ranking.begin(), ranking.end(), total, comes_before);
  });
  return ok();
}

Result<void> CountRun::fill_gaps(std::vector<CountRow>& rows) {
  std::vector<CountRow> filled;
  for (CountRow& row : rows) {
    while (!filled.empty()) {
      const UtcTime expected = buckets_->next(*filled.back().bucket);
      if (expected >= *row.bucket) break;
      if (filled.size() >= options_.groups_max) {
        return Error{Errc::too_large, "--every makes more than " + std::to_string(filled.size()) +
                                          " rows: choose a longer duration or a shorter range"};
      }
      filled.push_back({expected, {}, 0});
    }
    filled.push_back(std::move(row));
  }
  rows = std::move(filled);
  return ok();
}

Result<std::vector<CountRow>> CountRun::rows() {
  const Stopwatch watch(stats_.output);
  std::vector<CountRow> rows;
  if (options_.by.empty() && !buckets_) {
    rows.push_back({std::nullopt, {}, stats_.matched});
    return rows;
  }
  for (const GroupTable::Group& group : groups_.groups()) rows.push_back(row_of(group));
  if (options_.top) {
    TALLY_TRY(keep_top(rows));
  }
  std::sort(rows.begin(), rows.end(), comes_before);
  if (options_.by.empty()) {
    TALLY_TRY(fill_gaps(rows));
  }
  return rows;
}

}  // namespace tally::query
