#include "app/census_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "app/command.h"
#include "query/table_writer.h"

namespace tally::app {
namespace {

using shipper::CensusHour;
using shipper::SinkCensus;

/// Of runs of missing sequences that a table has.
constexpr std::uint64_t kRunsShown = 20;

void add_row(query::TableWriter& table, const CensusHour& hour, std::string& out) {
  const std::array<std::string, 7> cells{
      format_rfc3339(hour.hour),     std::to_string(hour.here),    std::to_string(hour.there),
      std::to_string(hour.distinct), std::to_string(hour.missing), std::to_string(hour.twice),
      std::to_string(hour.dead)};
  std::array<std::string_view, 7> views;
  std::ranges::copy(cells, views.begin());
  table.add_row(views, out);
}

std::string hour_line(const CensusHour& hour) {
  return fmt::format(R"({{"hour":"{}","here":{},"there":{},"distinct":{},)"
                     R"("missing":{},"twice":{},"dead":{}}})"
                     "\n",
                     format_rfc3339(hour.hour), hour.here, hour.there, hour.distinct, hour.missing,
                     hour.twice, hour.dead);
}

}  // namespace

void CensusProgress::reached(UtcTime time, const SinkCensus& so_far) {
  bar_.update(fmt::format("{}: {} events here, {} there", format_rfc3339(shipper::hour_of(time)),
                          so_far.here_count(), so_far.there_count()));
}

void CensusProgress::retrying(const std::string& trouble) {
  bar_.wipe();
  fail(trouble);
}

Result<void> CensusPrinter::print(const SinkCensus& census) {
  empty_ = false;
  if (format_.table) {
    add_table(census);
  } else {
    TALLY_TRY(add_lines(census));
  }
  const auto& notes = census.notes();
  if (first_missing_) notes_.insert(notes.begin(), notes.end());
  return output_->flush();
}

void CensusPrinter::add_table(const SinkCensus& census) {
  query::TableWriter table({{"hour"},
                            {"here", true},
                            {"there", true},
                            {"distinct", true},
                            {"missing", true},
                            {"twice", true},
                            {"dead", true}},
                           format_.colours);
  for (const CensusHour& hour : census.hours()) add_row(table, hour, output_->text());
  table.finish(output_->text());
  census.for_each_missing([&](Sequence first, Sequence last) {
    if (!first_missing_) first_missing_ = first;
    if (++runs_ > kRunsShown) return;
    output_->text() += fmt::format("missing {}..{}\n", to_number(first), to_number(last));
  });
}

Result<void> CensusPrinter::add_lines(const SinkCensus& census) {
  for (const CensusHour& hour : census.hours()) output_->text() += hour_line(hour);
  Result<void> written = ok();
  census.for_each_missing([&](Sequence first, Sequence last) {
    if (!first_missing_) first_missing_ = first;
    if (!written) return;
    output_->text() += fmt::format(R"({{"missing":"{0}..{1}","first":{0},"last":{1},"count":{2}}})"
                                   "\n",
                                   to_number(first), to_number(last), distance(first, last) + 1);
    written = output_->flush_if_full();
  });
  return written;
}

Result<int> CensusPrinter::finish(const std::string& sink) {
  if (format_.table && runs_ > kRunsShown) {
    output_->text() += fmt::format("and {} more: -o jsonl has them all\n", runs_ - kRunsShown);
  }
  TALLY_TRY(output_->finish());
  if (empty_) fail("the store has no events of these times that " + sink + " has got");
  if (!first_missing_) return kExitOk;
  for (const std::string& note : notes_) fail(note);
  fail(
      fmt::format("something is missing there; to send all from the first one on once more: tally "
                  "sinks rewind {} {}",
                  sink, to_number(*first_missing_)));
  return kExitPartly;
}

}  // namespace tally::app
