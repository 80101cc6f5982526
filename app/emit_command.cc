#include "app/emit_command.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/event_draft.h"
#include "app/event_target.h"
#include "ingest/validator.h"
#include "model/time.h"

namespace tally::app {

namespace {

struct EmitOptions {
  std::string timestamp;
  std::string service;
  std::string operation;
  std::string container;
  std::string error;
  bool success = false;
  std::vector<std::string> metadata;
  std::string data;
  std::string url = "http://127.0.0.1:7514";
};

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

EventDraft make_draft(const EmitOptions& options, const Clock& clock) {
  EventDraft draft;
  draft.timestamp = options.timestamp.empty() ? format_rfc3339(clock.now()) : options.timestamp;
  draft.service = options.service;
  draft.operation = options.operation;
  draft.container = unless_empty(options.container);
  draft.success = options.success || options.error.empty();
  draft.error = unless_empty(options.error);
  draft.metadata = options.metadata;
  return draft;
}

Result<ingest::PostAnswer> emit(const EmitOptions& options, CommandContext& context) {
  TALLY_TRY(std::string line, write_event(make_draft(options, context.clock)));
  TALLY_TRY(const auto target, options.data.empty() ? open_collector_target(options.url)
                                                    : open_store_target(context, options.data));
  const std::size_t bytes = line.size();
  line.resize(bytes + ingest::Validator::kPadding);
  return target->write(std::span(line.data(), bytes), ingest::BodyForm::object,
                       EventOrigin{SourceKind::import, "tally emit", 0});
}

int run_emit(const EmitOptions& options, CommandContext& context) {
  const auto answer = emit(options, context);
  if (!answer) return fail(answer.error());
  if (!answer.value().rejected.empty()) {
    fail("the event was refused: " + answer.value().rejected.front().reason);
    return kExitPartly;
  }
  fmt::print("{}\n", to_number(answer.value().first));
  return kExitOk;
}

}  // namespace

void add_emit_command(CLI::App& root, CommandContext& context) {
  auto options = std::make_shared<EmitOptions>();
  CLI::App* command = root.add_subcommand("emit", "Report one event; prints its sequence number");
  command->add_option("--service", options->service, "Who did it")->type_name("NAME")->required();
  command->add_option("--operation", options->operation, "What was done: list, restart, …")
      ->type_name("NAME")
      ->required();
  command->add_option("--container", options->container, "To which container")->type_name("NAME");
  CLI::Option* error =
      command->add_option("--error", options->error, "Why it failed")->type_name("TEXT");
  command->add_flag("--ok", options->success, "It succeeded all the same")->needs(error);
  command
      ->add_option("--meta", options->metadata,
                   "More about it: a text, or with := a number, true, null or any JSON")
      ->type_name("KEY=TEXT|KEY:=JSON")
      ->expected(1)
      ->take_all();
  command->add_option("--timestamp", options->timestamp, "When (RFC 3339); default: now")
      ->type_name("TIME");
  add_url_option(*command, options->url)->capture_default_str();
  command->add_option("--data", options->data, "Write into the store in this directory instead")
      ->type_name("DIR");
  command->footer("Exit code: 0 accepted and durable, 1 refused, 2 error.");
  command->callback([options, &context] { context.exit_code = run_emit(*options, context); });
}

}  // namespace tally::app
