#include "app/count_command.h"

#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/filter_options.h"
#include "app/interrupt_flag.h"
#include "app/progress_bar.h"
#include "app/store_scan.h"
#include "query/count_printer.h"
#include "query/count_run.h"
#include "query/output.h"
#include "query/scan_loop.h"
#include "query/time_expression.h"

namespace tally::app {
namespace {

using query::OutputFormat;

constexpr int kExitInterrupted = 130;  // as the shell has it for SIGINT

struct CountCommandOptions {
  std::string data;
  FilterOptions filter;
  std::vector<std::string> by;
  std::string every;
  std::optional<std::uint64_t> top;
  std::string format = "table";
  bool stats = false;
};

Result<query::CountOptions> count_options(const CountCommandOptions& options) {
  query::CountOptions count;
  count.zone = zone_of(options.filter);
  count.top = options.top;
  for (const std::string& names : options.by) {
    TALLY_TRY(auto labels, query::parse_labels(names));
    count.by.insert(count.by.end(), labels.begin(), labels.end());
  }
  if (!options.every.empty()) {
    TALLY_TRY(count.every, query::parse_duration(options.every));
  }
  return count;
}

OutputFormat format_of(const CountCommandOptions& options) {
  if (options.format == "jsonl") return OutputFormat::jsonl;
  return options.format == "csv" ? OutputFormat::csv : OutputFormat::table;
}

Result<int> run_count(const CountCommandOptions& options, CommandContext& context) {
  TALLY_TRY(auto settings, count_options(options));
  TALLY_TRY(auto filter, compile_options(options.filter, context.clock.now()));
  filter.selection.offsets = false;
  TALLY_TRY(auto cursor, open_store(context, options.data, std::move(filter.selection)));
  query::CountRun run(std::move(filter.matcher), settings);
  const std::atomic<bool>& stop = catch_interrupts();
  {
    ProgressBar progress(context.terminal.errors, "counting");
    TALLY_TRY(query::scan(cursor, run, stop, [&](const query::ScanStats& stats) {
      progress.update(stats.bytes, 0, stats.events);
    }));
  }
  if (stop.load()) return kExitInterrupted;
  TALLY_TRY(auto rows, run.rows());
  query::Output output(STDOUT_FILENO);
  print_counts(rows, settings, format_of(options), context.terminal.colours, output.text());
  TALLY_TRY(output.finish());
  warn_of_damage(cursor, run.stats());
  if (options.stats) print_stats(run.stats());
  return run.found() > 0 ? kExitOk : kExitPartly;
}

void add_grouping_options(CLI::App& command, CountCommandOptions& options) {
  CLI::Option* by =
      command
          .add_option("--by", options.by,
                      "A count for each value: service, operation, container, success, level, "
                      "error, metadata.KEY; several separated by commas")
          ->type_name("FIELD,...")
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--every", options.every,
                  "A count for each stretch of this length (5m, 1h, 1d, 1w); hours and days begin "
                  "with the zone's midnight, weeks on Monday")
      ->type_name("DURATION");
  command.add_option("--top", options.top, "Only the N groups with the highest counts")
      ->type_name("N")
      ->check(refuse_zero)
      ->needs(by);
}

}  // namespace

void add_count_command(CLI::App& root, CommandContext& context) {
  auto options = std::make_shared<CountCommandOptions>();
  CLI::App* command = root.add_subcommand("count", "Count events, by fields and by time");
  add_data_option(*command, options->data);
  add_filter_options(*command, options->filter);
  add_grouping_options(*command, *options);
  command->add_option("-o,--output", options->format, "Default: table; a plain total is its number")
      ->type_name("table|jsonl|csv")
      ->check(CLI::IsMember({"table", "jsonl", "csv"}).description(""));
  command->add_flag("--stats", options->stats, "Tell on stderr what was read and what it took");
  command->footer("Exit code: 0 something was counted, 1 nothing was, 2 error.");
  command->callback([options, &context] {
    const Result<int> code = run_count(*options, context);
    context.exit_code = code ? code.value() : fail(code.error());
  });
}

}  // namespace tally::app
