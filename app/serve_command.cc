#include "app/serve_command.h"

#include <errno.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <csignal>
#include <string>

#include "app/collector.h"
#include "app/config_options.h"
#include "app/logging.h"
#include "app/notify_socket.h"
#include "app/signals.h"
#include "app/version.h"
#include "model/time.h"

namespace tally::app {

namespace {

// A connection is a descriptor, and the usual soft limit is 1,024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) spdlog::warn("cannot raise the limit of open files");
}

void print_first_steps(const Collector& collector, const Config& config, const Clock& clock) {
  const UtcTime now = std::chrono::floor<std::chrono::seconds>(clock.now());
  fmt::print(R"(
Tally takes events at http://{0} and keeps them in {1}. In another terminal:

  curl http://{0}/v1/events \
    -d '{{"timestamp":"{2}","service":"demo","operation":"list","success":true}}'
  {3} query --data {1}

Ctrl-C ends it.

)",
             collector.address(), config.data, format_rfc3339(now), program_invocation_name);
  std::fflush(stdout);
}

int run_serve(const ConfigOptions& options, CommandContext& context) {
  const auto loaded = options.load();
  if (!loaded) return fail(loaded.error());
  const Config& config = loaded.value().config;
  set_up_logging(config.log_level, config.log_format, context.terminal.errors);
  raise_descriptor_limit();
  block_signals();

  const auto started = Collector::start(context.files, context.clock, config);
  if (!started) {
    spdlog::error("cannot start: {}", started.error().context);
    return kExitError;
  }
  Collector& collector = *started.value();
  spdlog::info("tally {} takes events at http://{}", kVersion, collector.address());
  if (context.terminal.output) print_first_steps(collector, config, context.clock);
  notify_service_manager("READY=1");

  const int signal = wait_for_signal();
  notify_service_manager("STOPPING=1");
  spdlog::info("{}: shutting down; a second signal ends at once",
               signal == SIGINT ? "interrupted" : "terminated");
  collector.stop();
  spdlog::info("closed");
  return kExitOk;
}

}  // namespace

void add_serve_command(CLI::App& root, CommandContext& context) {
  CLI::App* command = root.add_subcommand("serve", "Run the collector");
  const auto options = ConfigOptions::add(*command);
  command->footer(
      "Flags win over environment variables, these over the configuration file.\n"
      "SIGTERM or SIGINT: answers what is in flight, then ends; the second one ends at once.");
  command->callback([options, &context] { context.exit_code = run_serve(*options, context); });
}

}  // namespace tally::app
