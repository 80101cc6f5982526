#include "app/rejected_command.h"

#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "app/refused_printer.h"
#include "app/store_scan.h"
#include "query/output.h"
#include "query/zone.h"
#include "store/rejected/refused_walk.h"

namespace tally::app {

namespace {

struct RejectedOptions {
  std::string data;
  RefusedFormat format = RefusedFormat::table;
  bool utc = false;
};

// Hands everything that was refused to the printer, in the order of the commits.
Result<bool> print_refused(store::RefusedWalk& walk, RefusedPrinter& printer,
                           query::Output& output) {
  bool found = false;
  while (!output.is_closed()) {
    TALLY_TRY(const auto events, walk.next());
    if (!events) break;
    found = true;
    for (const store::RefusedEvent& refused : *events) printer.print(refused, output.text());
    TALLY_TRY(output.flush_if_full());
  }
  printer.finish(output.text());
  TALLY_TRY(output.finish());
  return found;
}

int run_rejected(const RejectedOptions& options, CommandContext& context) {
  auto walk = store::RefusedWalk::open(context.files, options.data);
  if (!walk) return fail(walk.error());
  query::Output output(STDOUT_FILENO);
  RefusedPrinter printer(options.format, options.utc ? query::Zone::utc() : query::Zone::local(),
                         context.terminal.colours);
  const auto found = print_refused(walk.value(), printer, output);
  if (!found) return fail(found.error());
  warn_of_damage(walk.value().corrupt());
  return found.value() ? kExitOk : kExitPartly;
}

}  // namespace

void add_rejected_command(CLI::App& root, CommandContext& context) {
  static const std::map<std::string, RefusedFormat> kFormats = {{"table", RefusedFormat::table},
                                                                {"jsonl", RefusedFormat::jsonl}};
  auto options = std::make_shared<RejectedOptions>();
  options->format = context.terminal.output ? RefusedFormat::table : RefusedFormat::jsonl;
  CLI::App* command = root.add_subcommand("rejected", "List the events that were refused, and why");
  add_data_option(*command, options->data);
  add_utc_option(*command, options->utc);
  command->add_option("-o,--output", options->format, "Default: table on a terminal, else jsonl")
      ->type_name("table|jsonl")
      ->transform(CLI::Transformer(kFormats));
  command->footer("Exit code: 0 something was refused, 1 nothing was, 2 error.");
  command->callback([options, &context] { context.exit_code = run_rejected(*options, context); });
}

}  // namespace tally::app
