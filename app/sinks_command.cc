#include "app/sinks_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <string>

#include "app/quantity.h"
#include "app/sink_listing.h"
#include "app/sinks_reconcile.h"
#include "model/json_text.h"
#include "query/output.h"
#include "query/table_writer.h"
#include "store/cursor.h"
#include "store/journal/durable_mark.h"
#include "store/sink_cursors.h"
#include "store/sink_orders.h"
#include "store/sink_position.h"

namespace tally::app {
namespace {

struct SinksOptions {
  std::string data;
  bool table = false;
  std::string name;
  std::string place;
  std::string reason;
};

std::string seconds_since(const std::optional<UtcTime>& time, UtcTime now) {
  if (!time) return "";
  return fmt::format("{:.1f}", std::max(0.0, std::chrono::duration<double>(now - *time).count()));
}

void print_jsonl(const SinkEntry& entry, UtcTime now, std::string& out) {
  const shipper::SinkStatus status = entry.status.value_or(shipper::SinkStatus{});
  out += "{\"name\":";
  append_json_string(out, entry.name);
  out += ",\"condition\":";
  append_json_string(out, entry.condition);
  out += ",\"trouble\":";
  append_json_string(out, entry.trouble);
  const std::string lag = seconds_since(entry.waiting_since, now);
  out += fmt::format(R"(,"next_seq":{},"lag_events":{},"lag_bytes":{},"lag_seconds":{},)"
                     R"("events_per_second":{:.1f},"events":{},"requests":{},"retries":{},)"
                     R"("dead":{},"lost":{}}})"
                     "\n",
                     to_number(entry.next), entry.lag_events, entry.lag_bytes,
                     lag.empty() ? "0" : lag, status.events_per_second, status.events,
                     status.requests, status.retries, status.dead, status.lost);
}

void add_row(query::TableWriter& table, const SinkEntry& entry, UtcTime now, std::string& out) {
  const bool sending = entry.status && entry.condition == "sending";
  const std::array<std::string, 8> cells{
      entry.name,
      entry.condition,
      std::to_string(to_number(entry.next)),
      std::to_string(entry.lag_events),
      format_size(entry.lag_bytes),
      seconds_since(entry.waiting_since, now),
      sending ? fmt::format("{:.0f}/s", entry.status->events_per_second) : "",
      entry.trouble};
  std::array<std::string_view, 8> views;
  std::ranges::copy(cells, views.begin());
  table.add_row(views, out);
}

Result<int> list(const SinksOptions& options, CommandContext& context) {
  TALLY_TRY(const auto sinks, list_sinks(context.files, options.data));
  query::Output output(STDOUT_FILENO);
  query::TableWriter table({{"sink"},
                            {"condition"},
                            {"next", true},
                            {"lag events", true},
                            {"bytes", true},
                            {"seconds", true},
                            {"rate", true},
                            {"trouble"}},
                           context.terminal.colours);
  for (const SinkEntry& entry : sinks) {
    if (options.table) {
      add_row(table, entry, context.clock.now(), output.text());
    } else {
      print_jsonl(entry, context.clock.now(), output.text());
    }
  }
  table.finish(output.text());
  TALLY_TRY(output.finish());
  return sinks.empty() ? kExitPartly : kExitOk;
}

/// Errc::not_found unless the store has a sink of that name.
Result<store::StoreId> find_sink(const SinksOptions& options, CommandContext& context) {
  if (!store::is_sink_name(options.name)) {
    return Error{Errc::invalid, store::sink_name_rule(options.name)};
  }
  const store::StorePaths paths(options.data);
  TALLY_TRY(const auto cursor, store::Cursor::open(context.files, options.data));
  TALLY_TRY(const bool there, context.files.exists(paths.cursors() / options.name));
  if (there) return cursor.id();
  return Error{Errc::not_found, "the store in " + options.data + " has no sink called " +
                                    options.name + ": tally sinks lists them"};
}

store::SinkOrders orders_of(const SinksOptions& options, CommandContext& context) {
  return {context.files, store::StorePaths(options.data), options.name};
}

Result<void> pause(const SinksOptions& options, CommandContext& context) {
  TALLY_TRY(find_sink(options, context));
  return orders_of(options, context).pause(options.reason);
}

Result<void> resume(const SinksOptions& options, CommandContext& context) {
  TALLY_TRY(find_sink(options, context));
  return orders_of(options, context).resume();
}

Result<Sequence> parse_place(const SinksOptions& options, CommandContext& context) {
  if (options.place == "oldest") return kFirstSequence;
  const store::StorePaths paths(options.data);
  TALLY_TRY(const auto mark, store::read_durable_mark(context.files, paths));
  const Sequence end = mark ? mark->next : kFirstSequence;
  if (options.place == "now") return end;
  std::uint64_t number = 0;
  const char* const last = options.place.data() + options.place.size();
  const auto [read, error] = std::from_chars(options.place.data(), last, number);
  if (error == std::errc{} && read == last && number > 0 && Sequence{number} <= end) {
    return Sequence{number};
  }
  return Error{Errc::invalid, "\"" + options.place + "\" is neither a sequence from 1 to " +
                                  std::to_string(to_number(end)) + ", oldest nor now"};
}

Result<void> rewind(const SinksOptions& options, CommandContext& context) {
  TALLY_TRY(const store::StoreId store, find_sink(options, context));
  TALLY_TRY(const Sequence next, parse_place(options, context));
  const store::StorePaths paths(options.data);
  auto position = store::SinkPosition::take_over(context.files, paths, store, options.name);
  // Whoever serves it does it; else nobody would, and retention would go by the old place.
  if (position) return position.value().save({next, std::string(store::kRewoundNote)});
  if (position.error().code != Errc::held) return position.error();
  return orders_of(options, context).set_rewind(next);
}

Result<void> forget(const SinksOptions& options, CommandContext& context) {
  TALLY_TRY(const store::StoreId store, find_sink(options, context));
  const store::StorePaths paths(options.data);
  const auto position = store::SinkPosition::take_over(context.files, paths, store, options.name);
  if (!position && position.error().code == Errc::held) return position.error();
  return orders_of(options, context).forget();
}

/// Where dead letters are: those that are being sent once more are not safe anywhere else yet.
std::array<store::Path, 2> letter_files(const SinksOptions& options) {
  const store::Path cursors = store::StorePaths(options.data).cursors();
  return {cursors / (options.name + ".replaying"), cursors / (options.name + ".dead")};
}

/// The file; null: it is not there.
Result<std::unique_ptr<store::File>> open_letters(const store::Path& path,
                                                  CommandContext& context) {
  auto file = context.files.open(path, store::OpenMode::read);
  if (!file && file.error().code == Errc::not_found) return std::unique_ptr<store::File>();
  return file;
}

Result<void> replay(const SinksOptions& options, CommandContext& context) {
  TALLY_TRY(find_sink(options, context));
  std::uint64_t bytes = 0;
  for (const store::Path& path : letter_files(options)) {
    TALLY_TRY(const auto file, open_letters(path, context));
    if (file == nullptr) continue;
    TALLY_TRY(const std::uint64_t size, file->size());
    bytes += size;
  }
  if (bytes > 0) return orders_of(options, context).set_replay();
  return Error{Errc::not_found,
               "the sink " + options.name +
                   " has no dead letters, so there is nothing to replay (a sink to files or Kafka "
                   "never has any)"};
}

/// Prints the file as it is: one JSON object a line.
Result<void> print_letters(const store::Path& path, CommandContext& context,
                           query::Output& output) {
  TALLY_TRY(const auto file, open_letters(path, context));
  if (file == nullptr) return ok();
  constexpr std::size_t kPiece = 64 * 1024;
  std::string piece(kPiece, '\0');
  for (std::uint64_t at = 0;;) {
    TALLY_TRY(const std::size_t read, file->read_at(at, piece));
    output.text().append(piece, 0, read);
    TALLY_TRY(output.flush_if_full());
    if (read < kPiece) return ok();
    at += read;
  }
}

Result<void> print_dead(const SinksOptions& options, CommandContext& context) {
  TALLY_TRY(find_sink(options, context));
  query::Output output(STDOUT_FILENO);
  for (const store::Path& path : letter_files(options)) {
    TALLY_TRY(print_letters(path, context, output));
  }
  return output.finish();
}

using Action = Result<void> (*)(const SinksOptions&, CommandContext&);

CLI::App* add_action(CLI::App& sinks, CommandContext& context,
                     const std::shared_ptr<SinksOptions>& options, const char* name,
                     const char* help, Action action) {
  CLI::App* command = sinks.add_subcommand(name, help);
  command->add_option("NAME", options->name, "The sink's name")->required();
  add_data_option(*command, options->data);
  command->callback([options, &context, action] {
    const auto done = action(*options, context);
    context.exit_code = done ? kExitOk : fail(done.error());
  });
  return command;
}

}  // namespace

void add_sinks_command(CLI::App& root, CommandContext& context) {
  static const std::map<std::string, bool> kFormats = {{"table", true}, {"jsonl", false}};
  auto options = std::make_shared<SinksOptions>();
  options->table = context.terminal.output;
  CLI::App* command = root.add_subcommand("sinks", "How far each sink has got; pause, rewind, …");
  add_data_option(*command, options->data);
  command->add_option("-o,--output", options->table, "Default: table on a terminal, else jsonl")
      ->type_name("table|jsonl")
      ->transform(CLI::Transformer(kFormats));
  command->require_subcommand(0, 1);
  CLI::App* paused = add_action(*command, context, options, "pause",
                                "Send nothing until it is resumed, whoever serves it", pause);
  paused->add_option("--reason", options->reason, "Shown beside it");
  add_action(*command, context, options, "resume", "Go on after a pause, or after it stopped",
             resume);
  CLI::App* rewound = add_action(*command, context, options, "rewind",
                                 "Go on from another event; what was sent is sent again", rewind);
  rewound->add_option("PLACE", options->place, "A sequence, oldest or now")->required();
  add_action(*command, context, options, "dead",
             "Print the events that the receiver will never take, with its reasons", print_dead);
  add_action(*command, context, options, "replay",
             "Send these once more, once the receiver's limits are others; whoever serves it does",
             replay);
  add_sinks_reconcile(*command, context);
  add_action(*command, context, options, "forget",
             "Remove its cursor and dead letters: retention goes on without it", forget);
  command->footer("Exit code: 0 done, 1 there are no sinks, 2 error.");
  command->callback([command, options, &context] {
    if (!command->get_subcommands().empty()) return;
    const auto code = list(*options, context);
    context.exit_code = code ? code.value() : fail(code.error());
  });
}

}  // namespace tally::app
