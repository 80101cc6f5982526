#include "app/sinks_reconcile.h"

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/census_output.h"
#include "app/config_loader.h"
#include "app/logging.h"
#include "query/output.h"
#include "query/time_expression.h"
#include "shipper/make_census.h"
#include "shipper/store_census.h"

namespace tally::app {
namespace {

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

Result<int> reconcile(const ReconcileOptions& options, const CommandContext& context) {
  TALLY_TRY(const shipper::CensusPlan plan, find_plan(options));
  const UtcTime now = context.clock.now();
  shipper::CensusRange range;
  TALLY_TRY(range.since, read_time(options.since, options, now));
  TALLY_TRY(range.until, read_time(options.until, options, now));
  TALLY_TRY(auto store,
            shipper::StoreCensus::open(context.files, options.data, options.name, range));
  query::Output output(STDOUT_FILENO);
  CensusPrinter printer({options.table, context.terminal.colours}, output);
  CensusProgress progress(context.terminal.errors);
  while (true) {
    TALLY_TRY(auto census, store.next(progress));
    if (!census) break;
    TALLY_TRY(plan.ask(*census, progress));
    progress.wipe();
    TALLY_TRY(printer.print(*census));
  }
  progress.wipe();
  return printer.finish(options.name);
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
