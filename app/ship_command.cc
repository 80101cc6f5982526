#include "app/ship_command.h"

#include <memory>
#include <string>
#include <utility>

#include "app/logging.h"
#include "app/signals.h"
#include "shipper/make_sink.h"
#include "store/paths.h"

namespace tally::app {
namespace {

struct ShipOptions {
  std::string data;
  std::string to;
  bool once = false;
};

Result<void> ship(const ShipOptions& options, CommandContext& context) {
  TALLY_TRY(auto plan, shipper::plan_sink(options.to));
  TALLY_TRY(const bool there, context.files.exists(store::StorePaths(options.data).journal()));
  if (!there) return Error{Errc::not_found, "there is no store in " + options.data};
  shipper::Shipper shipper(context.files, context.clock, options.data, std::move(plan.options),
                           std::move(plan.factory));
  if (options.once) return shipper.run_once();
  block_signals();
  shipper.start();
  wait_for_signal();
  shipper.stop();
  return ok();
}

}  // namespace

void add_ship_command(CLI::App& root, CommandContext& context) {
  auto options = std::make_shared<ShipOptions>();
  CLI::App* command =
      root.add_subcommand("ship", "Ship a store's events, also one that a collector writes");
  add_data_option(*command, options->data);
  command
      ->add_option(
          "--to", options->to,
          "Where to: loki+http://HOST:3100, kafka://HOST:9092/TOPIC, file:///PATH, stdout:")
      ->type_name("URL")
      ->required();
  command->add_flag("--once", options->once, "End when everything that is durable now has arrived");
  command->footer(
      "Goes on where the sink of that name stopped (tally sinks); a new one begins with the oldest "
      "event, or with start=now behind the newest. Parameters of every URL: name, start, "
      "linger_ms.\nExit code: 0 ended by a signal, or all has arrived; 2 error.");
  command->callback([options, &context] {
    set_up_logging(LogLevel::info, LogFormat::automatic, context.terminal.errors);
    const auto shipped = ship(*options, context);
    context.exit_code = shipped ? kExitOk : fail(shipped.error());
  });
}

}  // namespace tally::app
