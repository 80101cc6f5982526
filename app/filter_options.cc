#include "app/filter_options.h"

#include <utility>

#include "app/command.h"
#include "query/filter_selection.h"
#include "query/time_expression.h"

namespace tally::app {
namespace {

constexpr const char* kTimeHelp =
    "RFC 3339, 2026-01-23, \"2026-01-23 21:55\", 1h (ago), now, today or yesterday";

// One value a time, so that a flag never swallows the argument behind it.
void add_repeatable(CLI::App& command, const char* name, std::vector<std::string>& values,
                    const char* help, const char* type) {
  command.add_option(name, values, help)
      ->type_name(type)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

Result<query::TimeRange> read_range(const FilterOptions& options, UtcTime now) {
  query::TimeRange range;
  if (!options.since.empty()) {
    TALLY_TRY(range.from, query::parse_time_expression(options.since, now, zone_of(options)));
  }
  if (!options.until.empty()) {
    TALLY_TRY(range.until, query::parse_time_expression(options.until, now, zone_of(options)));
  }
  return range;
}

}  // namespace

void add_filter_options(CLI::App& command, FilterOptions& options) {
  query::FilterFlags& flags = options.flags;
  add_repeatable(command, "--service", flags.services,
                 "Only events of this service; repeatable: any of them", "S");
  add_repeatable(command, "--operation", flags.operations, "Only this operation; repeatable", "O");
  add_repeatable(command, "--container", flags.containers,
                 "Only this container (\"\": events without one); repeatable", "C");
  add_repeatable(command, "--grep", flags.texts,
                 "Only events whose stored text contains this; case matters; repeatable", "TEXT");
  auto* succeeded = command.add_flag("--ok", flags.succeeded, "Only what was carried out");
  command.add_flag("--failed", flags.failed, "Only what was not")->excludes(succeeded);
  command.add_option("--since", options.since, std::string("From this time on: ") + kTimeHelp)
      ->type_name("T");
  command.add_option("--until", options.until, "Before this time, in the same forms")
      ->type_name("T");
  add_utc_option(command, options.utc);
}

Result<CompiledFilter> compile_options(const FilterOptions& options, UtcTime now) {
  query::FilterFlags flags = options.flags;
  TALLY_TRY(flags.range, read_range(options, now));
  TALLY_TRY(auto filter, query::build_filter(flags));
  TALLY_TRY(auto matcher, query::Matcher::compile(filter));
  return CompiledFilter{std::move(matcher), query::selection_of(filter)};
}

query::Zone zone_of(const FilterOptions& options) {
  return options.utc ? query::Zone::utc() : query::Zone::local();
}

}  // namespace tally::app
