#include "app/sinks_reconcile.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/config_loader.h"
#include "app/logging.h"
#include "query/output.h"
#include "query/table_writer.h"
#include "query/time_expression.h"
#include "shipper/make_census.h"
#include "shipper/store_census.h"

namespace tally::app {
namespace {

using shipper::CensusHour;
using shipper::SinkCensus;

/// Of runs of missing sequences that a table has.
constexpr std::size_t kRangesShown = 20;

struct ReconcileOptions {
  std::string data;
  std::string config;
  std::string name;
  std::string to;
  std::string since;
  std::string until;
  bool utc = false;
  bool table = false;
};

Result<std::optional<UtcTime>> read_time(const std::string& text, const ReconcileOptions& options,
                                         UtcTime now) {
  if (text.empty()) return std::optional<UtcTime>();
  const query::Zone zone = options.utc ? query::Zone::utc() : query::Zone::local();
  TALLY_TRY(const UtcTime time, query::parse_time_expression(text, now, zone));
  return std::optional(time);
}

/// That of --to, else of the configured sink with that name.
Result<shipper::CensusPlan> find_plan(const ReconcileOptions& options) {
  if (!options.to.empty()) return shipper::plan_census(options.to);
  TALLY_TRY(const LoadedConfig loaded,
            load_config({.flags = {},
                         .environment = [](const char* name) { return std::getenv(name); },
                         .file = options.config}));
  for (const std::string& url : loaded.config.ship) {
    auto plan = shipper::plan_census(url);
    // One of another name may be of a kind that cannot be asked.
    if (!plan && plan.error().code != Errc::unsupported) return plan.error();
    if (plan && plan.value().name == options.name) return plan;
    if (!plan && loaded.config.ship.size() == 1) return plan.error();
  }
  return Error{Errc::not_found, "no sink that can be asked is called " + options.name +
                                    " in the configuration: say where it ships to with --to URL"};
}

void add_row(query::TableWriter& table, const CensusHour& hour, std::string& out) {
  const std::array<std::string, 7> cells{
      format_rfc3339(hour.hour),     std::to_string(hour.here),    std::to_string(hour.there),
      std::to_string(hour.distinct), std::to_string(hour.missing), std::to_string(hour.twice),
      std::to_string(hour.dead)};
  std::array<std::string_view, 7> views;
  std::ranges::copy(cells, views.begin());
  table.add_row(views, out);
}

Result<void> print_table(const SinkCensus& census, const CommandContext& context,
                         query::Output& output) {
  query::TableWriter table({{"hour"},
                            {"here", true},
                            {"there", true},
                            {"distinct", true},
                            {"missing", true},
                            {"twice", true},
                            {"dead", true}},
                           context.terminal.colours);
  for (const CensusHour& hour : census.hours()) add_row(table, hour, output.text());
  table.finish(output.text());
  std::size_t ranges = 0;
  census.for_each_missing([&](Sequence first, Sequence last) {
    if (++ranges > kRangesShown) return;
    output.text() += fmt::format("missing {}..{}\n", to_number(first), to_number(last));
  });
  if (ranges > kRangesShown) {
    output.text() += fmt::format("and {} more: -o jsonl has them all\n", ranges - kRangesShown);
  }
  return output.finish();
}

Result<void> print_jsonl(const SinkCensus& census, query::Output& output) {
  for (const CensusHour& hour : census.hours()) {
    output.text() += fmt::format(R"({{"hour":"{}","here":{},"there":{},"distinct":{},)"
                                 R"("missing":{},"twice":{},"dead":{}}})"
                                 "\n",
                                 format_rfc3339(hour.hour), hour.here, hour.there, hour.distinct,
                                 hour.missing, hour.twice, hour.dead);
  }
  Result<void> written = ok();
  census.for_each_missing([&](Sequence first, Sequence last) {
    if (!written) return;
    output.text() += fmt::format(R"({{"missing":"{0}..{1}","first":{0},"last":{1},"count":{2}}})"
                                 "\n",
                                 to_number(first), to_number(last), distance(first, last) + 1);
    written = output.flush_if_full();
  });
  TALLY_TRY(std::move(written));
  return output.finish();
}

/// Says what to do where something is missing.
int conclude(const SinkCensus& census, const std::string& name) {
  std::optional<Sequence> lost;
  census.for_each_missing([&](Sequence first, Sequence) {
    if (!lost) lost = first;
  });
  if (census.empty()) fail("the store has no events of these times that " + name + " has got");
  if (!lost) return kExitOk;
  for (const std::string& note : census.notes()) fail(note);
  fail(
      fmt::format("something is missing there; to send all from the first one on once more: tally "
                  "sinks rewind {} {}",
                  name, to_number(*lost)));
  return kExitPartly;
}

Result<int> reconcile(const ReconcileOptions& options, const CommandContext& context) {
  TALLY_TRY(const shipper::CensusPlan plan, find_plan(options));
  const UtcTime now = context.clock.now();
  shipper::CensusRange range;
  TALLY_TRY(range.since, read_time(options.since, options, now));
  TALLY_TRY(range.until, read_time(options.until, options, now));
  TALLY_TRY(SinkCensus census,
            shipper::count_store(context.files, options.data, options.name, range));
  if (!census.empty()) {
    TALLY_TRY(plan.ask(census));
  }
  query::Output output(STDOUT_FILENO);
  if (options.table) {
    TALLY_TRY(print_table(census, context, output));
  } else {
    TALLY_TRY(print_jsonl(census, output));
  }
  return conclude(census, options.name);
}

}  // namespace

void add_sinks_reconcile(CLI::App& sinks, CommandContext& context) {
  static const std::map<std::string, bool> kFormats = {{"table", true}, {"jsonl", false}};
  auto options = std::make_shared<ReconcileOptions>();
  options->table = context.terminal.output;
  CLI::App* command =
      sinks.add_subcommand("reconcile", "Ask the receiver whether it has all that was sent");
  command->add_option("NAME", options->name, "The sink's name")->required();
  add_data_option(*command, options->data);
  command->add_option("--config", options->config, "Where tally serve's ship is (TALLY_CONFIG)")
      ->type_name("FILE");
  command->add_option("--to", options->to, "The sink's URL, where no configuration has it")
      ->type_name("URL");
  command->add_option("--since", options->since, "Events received from this time on")
      ->type_name("T");
  command->add_option("--until", options->until, "Events received before this time")
      ->type_name("T");
  add_utc_option(*command, options->utc);
  command->add_option("-o,--output", options->table, "Default: table on a terminal, else jsonl")
      ->type_name("table|jsonl")
      ->transform(CLI::Transformer(kFormats));
  command->footer("Exit code: 0 all is there, 1 something is missing, 2 error.");
  command->callback([options, &context] {
    set_up_logging(LogLevel::warn, LogFormat::automatic, context.terminal.errors);
    const auto code = reconcile(*options, context);
    context.exit_code = code ? code.value() : fail(code.error());
  });
}

}  // namespace tally::app
