#include "query/query_run.h"

#include <utility>

#include "query/envelope.h"
#include "query/stopwatch.h"

namespace tally::query {

QueryRun::QueryRun(store::FileSystem& files, Matcher matcher, QueryOptions options, Output& output)
    : options_(std::move(options)),
      matcher_(std::move(matcher)),
      output_(output),
      printer_(options_.format, options_.style),
      sorter_(files, options_.sorting) {
  readers_.wanted = matcher_.wanted() | printer_.wanted();
  if (options_.order != QueryOrder::sequence)
    readers_.wanted = readers_.wanted | store::FieldSet::time;
}

std::string_view QueryRun::record_of(const ScannedEvent& event) {
  if (!options_.envelope) return event.line();
  envelope_.clear();
  append_envelope(envelope_, event, options_.store_id);
  return envelope_;
}

Result<void> QueryRun::keep(ScannedEvent& event) {
  const store::EventFields* fields = event.fields();
  if (fields == nullptr) return ok();
  ++stats_.matched;
  const bool reverse = options_.order == QueryOrder::newest_first;
  const SortKey key = make_sort_key(fields->time.utc, event.sequence(), reverse);
  if (!sorter_.has_room_for(key)) return ok();
  return sorter_.add(key, record_of(event));
}

Result<void> QueryRun::show(ScannedEvent& event) {
  if (readers_.wanted != store::FieldSet::none && event.fields() == nullptr) return ok();
  ++stats_.matched;
  ++found_;
  printer_.print(record_of(event), output_.text());
  return output_.flush_if_full();
}

Result<bool> QueryRun::take(const store::Chunk& chunk) {
  const Stopwatch watch(stats_.filter);
  const bool is_sorted = options_.order != QueryOrder::sequence;
  Result<void> outcome = ok();
  stats_.events += for_each_event(chunk, readers_, [&](ScannedEvent& event) {
    if (matcher_.matches(event)) outcome = is_sorted ? keep(event) : show(event);
    if (event.is_damaged()) ++stats_.damaged;
    return outcome.has_value() && !output_.is_closed() &&
           (is_sorted || found_ < options_.sorting.limit);
  });
  ++stats_.chunks;
  stats_.bytes += chunk.lines.size();
  TALLY_TRY(std::move(outcome));
  return !output_.is_closed() && (is_sorted || found_ < options_.sorting.limit);
}

Result<void> QueryRun::catch_up() {
  printer_.settle(output_.text());
  return output_.flush();
}

Result<void> QueryRun::finish(const std::atomic<bool>& stop) {
  const Stopwatch watch(stats_.output);
  TALLY_TRY(sorter_.finish());
  while (!output_.is_closed() && !stop.load()) {
    TALLY_TRY(auto record, sorter_.next());
    if (!record) break;
    ++found_;
    printer_.print(*record, output_.text());
    TALLY_TRY(output_.flush_if_full());
  }
  printer_.finish(output_.text());
  return output_.flush();
}

bool QueryRun::is_output_closed() {
  output_.look_for_reader();
  return output_.is_closed();
}

}  // namespace tally::query
