#include "app/query_command.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/filter_options.h"
#include "app/interrupt_flag.h"
#include "app/progress_bar.h"
#include "app/store_scan.h"
#include "query/output.h"
#include "query/query_run.h"
#include "query/scan_loop.h"

namespace tally::app {
namespace {

using query::OutputFormat;

constexpr int kExitInterrupted = 130;  // as the shell has it for SIGINT

struct QueryCommandOptions {
  std::string data;
  FilterOptions filter;
  std::optional<std::uint64_t> limit;
  bool reverse = false;
  bool follow = false;
  std::string format;  ///< empty: depends on where the output goes
  bool envelope = false;
  std::string colour = "auto";
  bool stats = false;
};

/// Sorting needs room on a disk, which /tmp often is not; TMPDIR overrides.
store::Path spill_directory() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? store::Path(chosen) : store::Path("/var/tmp");
}

bool wants_colours(const std::string& choice, const Terminal& terminal) {
  return choice == "auto" ? terminal.colours : choice == "always";
}

OutputFormat format_of(const QueryCommandOptions& options, const Terminal& terminal) {
  if (options.format == "pretty") return OutputFormat::pretty;
  if (options.format == "csv") return OutputFormat::csv;
  if (options.format == "table") return OutputFormat::table;
  const bool is_for_people = options.format.empty() && terminal.output && !options.envelope;
  return is_for_people ? OutputFormat::pretty : OutputFormat::jsonl;
}

/// $PAGER if it is set, nothing if it is set to nothing or to cat; only where a person reads the
/// end.
std::optional<query::PagerOptions> choose_pager(const QueryCommandOptions& options,
                                                const Terminal& terminal) {
  if (!terminal.output || options.follow) return std::nullopt;
  query::PagerOptions pager;
  if (const char* command = std::getenv("PAGER"); command != nullptr) {
    pager.command = command;
    if (pager.command.empty() || pager.command == "cat") return std::nullopt;
  }
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) pager.rows = size.ws_row;
  pager.columns = terminal.columns;
  return pager;
}

Result<void> check_options(const QueryCommandOptions& options) {
  if (options.envelope && !options.format.empty() && options.format != "jsonl") {
    return Error{Errc::invalid, "--envelope is JSON: it goes with -o jsonl only"};
  }
  return ok();
}

query::QueryOptions run_options(const QueryCommandOptions& options, const Terminal& terminal) {
  query::QueryOptions run;
  if (options.follow) {
    run.order = query::QueryOrder::sequence;
  } else if (options.reverse) {
    run.order = query::QueryOrder::newest_first;
  }
  run.format = format_of(options, terminal);
  run.style = {zone_of(options.filter), wants_colours(options.colour, terminal)};
  run.envelope = options.envelope;
  run.sorting.limit = options.limit.value_or(query::kNoLimit);
  run.sorting.directory = spill_directory();
  return run;
}

Result<int> run_query(const QueryCommandOptions& options, CommandContext& context) {
  TALLY_TRY(check_options(options));
  TALLY_TRY(auto filter, compile_options(options.filter, context.clock.now()));
  filter.selection.offsets = options.envelope;
  TALLY_TRY(auto cursor, open_store(context, options.data, std::move(filter.selection)));
  query::Output output(STDOUT_FILENO, choose_pager(options, context.terminal));
  query::QueryOptions settings = run_options(options, context.terminal);
  settings.store_id = to_string(cursor.id());
  query::QueryRun run(context.files, std::move(filter.matcher), std::move(settings), output);
  const std::atomic<bool>& stop = catch_interrupts();
  if (options.follow) {
    TALLY_TRY(query::follow(cursor, run, stop));
  } else {
    ProgressBar progress(context.terminal.errors, "searching");
    TALLY_TRY(query::scan(cursor, run, stop, [&](const query::ScanStats& stats) {
      progress.update(stats.bytes, 0, stats.events);
    }));
  }
  if (!stop.load() || options.follow) {
    TALLY_TRY(run.finish(stop));
  }
  TALLY_TRY(output.finish());
  warn_of_damage(cursor, run.stats());
  if (options.stats) print_stats(run.stats());
  if (stop.load()) return options.follow ? kExitOk : kExitInterrupted;
  return run.found() > 0 ? kExitOk : kExitPartly;
}

void add_output_options(CLI::App& command, QueryCommandOptions& options) {
  command
      .add_option("-o,--output", options.format,
                  "Default: pretty on a terminal, else jsonl, which is the events' own bytes. In "
                  "csv a text that a spreadsheet would take for a formula gets an apostrophe")
      ->type_name("pretty|jsonl|csv|table")
      ->check(CLI::IsMember({"pretty", "jsonl", "csv", "table"}).description(""));
  command.add_flag("--envelope", options.envelope,
                   "Put sequence, store, time of receipt, source and client around each event");
  command.add_option("--color,--colour", options.colour, "Default: auto, which heeds NO_COLOR")
      ->type_name("auto|always|never")
      ->check(CLI::IsMember({"auto", "always", "never"}).description(""));
  command.add_flag("--stats", options.stats, "Tell on stderr what was read and what it took");
}

}  // namespace

void add_query_command(CLI::App& root, CommandContext& context) {
  auto options = std::make_shared<QueryCommandOptions>();
  CLI::App* command = root.add_subcommand("query", "Find events and show them, oldest first");
  add_data_option(*command, options->data);
  add_filter_options(*command, options->filter);
  command->add_option("--limit", options->limit, "Show only the first N, in the order asked for")
      ->type_name("N")
      ->check(refuse_zero);
  CLI::Option* reverse =
      command->add_flag("--reverse", options->reverse, "Newest first; with --limit the newest N");
  command
      ->add_flag("--follow", options->follow,
                 "Show events in the order they were stored, then those to come")
      ->excludes(reverse);
  add_output_options(*command, *options);
  command->footer("Exit code: 0 something was found, 1 nothing was, 2 error.");
  command->callback([options, &context] {
    const Result<int> code = run_query(*options, context);
    context.exit_code = code ? code.value() : fail(code.error());
  });
}

}  // namespace tally::app
