#include "app/salvage_command.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/interrupt_flag.h"
#include "app/salvage_output.h"
#include "app/salvage_report.h"
#include "store/salvage/store_salvage.h"

namespace tally::app {
namespace {

struct SalvageCommandOptions {
  std::vector<std::string> paths;
  SalvageOutputOptions output;
  bool unverified = false;
  bool verbose = false;
};

std::filesystem::path resolved(const std::filesystem::path& path) {
  std::error_code error;
  auto absolute = std::filesystem::weakly_canonical(path, error);
  return error ? path : absolute;
}

bool lies_within(const std::filesystem::path& path, const std::filesystem::path& directory) {
  const auto [end, ignored] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

/// The store that a file named on the command line is in, if it is in one; else its own path.
std::filesystem::path store_of(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return path;
  const std::string room = path.parent_path().filename().string();
  const bool in_store = room == "journal" || room == "segments" || room == "rejected";
  return in_store ? path.parent_path().parent_path() : path;
}

/// The evidence stays as it was found: nothing is written beside it.
Result<void> check_target(const SalvageCommandOptions& options) {
  if (options.output.target.empty()) return ok();
  const auto target = resolved(options.output.target);
  for (const std::string& path : options.paths) {
    const auto store = store_of(resolved(path));
    if (!lies_within(target, store)) continue;
    return Error{Errc::invalid, options.output.target + " is within " + store.string() +
                                    ", which is being salvaged: name another place with -o"};
  }
  return ok();
}

bool is_rejected(const std::string& path) { return path.ends_with(".rej"); }

Result<int> salvage(SalvageCommandOptions options, CommandContext& context) {
  TALLY_TRY(check_target(options));
  if (std::ranges::all_of(options.paths, is_rejected)) options.output.refused = true;
  TALLY_TRY(SalvageOutput output, SalvageOutput::open(options.output));
  const std::atomic<bool>& stop = catch_interrupts();
  const auto written = [&](Result<void> result) -> Result<void> {
    if (result && (stop.load() || output.is_closed()))
      return Error{Errc::overloaded, "interrupted"};
    return result;
  };
  const store::SalvageOutlet outlet{
      .events = [&](const store::SalvagedEvents& events) { return written(output.write(events)); },
      .refused =
          [&](const store::SalvagedRefused& events) { return written(output.write(events)); }};
  const std::vector<store::Path> paths(options.paths.begin(), options.paths.end());
  store::StoreSalvage salvage(context.files, {.unverified = options.unverified}, outlet);
  const auto report = salvage.run(paths);
  TALLY_TRY(output.finish());
  if (!report) return report.error();
  std::fputs(salvage_report(report.value(), options.verbose).c_str(), stderr);
  return report.value().whole() ? kExitOk : kExitPartly;
}

void add_salvage_options(CLI::App& command, SalvageCommandOptions& options) {
  command
      .add_option("PATH", options.paths,
                  "A store's directory, a directory with files of one, or single files: of the "
                  "journal, segments, refused events, whole, cut short or still in the making")
      ->required();
  command
      .add_option("-o,--output", options.output.target,
                  "A new file for the events; or a directory, for events.jsonl, refused.jsonl and "
                  "unverified.jsonl. Default: standard output")
      ->type_name("DIR|FILE");
  command.add_flag("--envelope", options.output.envelope,
                   "Put sequence, store, time of receipt, source and client around each event");
  command.add_flag("--refused", options.output.refused,
                   "Print what was refused, as tally rejected -o jsonl, in place of the events");
  command.add_flag("--unverified", options.unverified,
                   "Also what no checksum vouches for: lines that may have been changed");
  command.add_flag("-v,--verbose", options.verbose, "Tell of files that are whole as well");
}

}  // namespace

void add_salvage_command(CLI::App& root, CommandContext& context) {
  auto options = std::make_shared<SalvageCommandOptions>();
  CLI::App* command =
      root.add_subcommand("salvage", "Extract what can be proven from damaged stores and files");
  add_salvage_options(*command, *options);
  command->footer(
      "Reads only, also beside a running collector and from read-only media; what is lost, and "
      "where, is told on standard error. tally import brings the lines into another store, where "
      "they get new sequences.\n"
      "Exit code: 0 all was read, 1 something is lost or may be, 2 error.");
  command->callback([options, &context] {
    const Result<int> code = salvage(*options, context);
    context.exit_code = code ? code.value() : fail(code.error());
  });
}

}  // namespace tally::app
