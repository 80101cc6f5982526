#include "app/seal_command.h"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>

#include "app/seal_handler.h"
#include "net/http_client.h"
#include "net/url.h"
#include "store/store.h"
#include "store/store_lock.h"

namespace tally::app {
namespace {

struct SealOptions {
  std::string data;
  std::string url;
};

/// A backlog of an hour is sealed in minutes.
constexpr net::ClientTimeouts kTimeouts{.answer = std::chrono::hours{1}};

Result<void> ask_collector(const std::string& url) {
  TALLY_TRY(const auto parsed, net::Url::parse(url));
  TALLY_TRY(auto client, net::HttpClient::connect(parsed, kTimeouts));
  TALLY_TRY(const auto response, client.post(kSealPath, "application/json", ""));
  if (response.status == 200) return ok();
  return Error{Errc::io, "the collector at " + url + " answered " +
                             std::to_string(response.status) + ": " + response.body};
}

Result<void> seal_store(const std::string& directory, CommandContext& context) {
  TALLY_TRY(const bool there, context.files.exists(store::StorePaths(directory).journal()));
  if (!there) return Error{Errc::not_found, "there is no store in " + directory};
  store::StoreOptions options;
  options.directory = directory;
  auto opened = store::Store::open(context.files, context.clock, options);
  if (opened) {
    std::promise<Result<void>> sealed;
    opened.value()->seal([&sealed](const Result<void>& result) { sealed.set_value(result); });
    return sealed.get_future().get();
  }
  if (opened.error().code != Errc::held) return opened.error();
  TALLY_TRY(const auto holder, store::find_holder(context.files, store::StorePaths(directory)));
  if (!holder || holder->address.empty()) return opened.error();
  return ask_collector("http://" + holder->address);
}

int run_seal(const SealOptions& options, CommandContext& context) {
  const auto sealed =
      options.url.empty() ? seal_store(options.data, context) : ask_collector(options.url);
  return sealed ? kExitOk : fail(sealed.error());
}

}  // namespace

void add_seal_command(CLI::App& root, CommandContext& context) {
  auto options = std::make_shared<SealOptions>();
  CLI::App* command = root.add_subcommand("seal", "Turn the journal into a segment now");
  CLI::Option* data = add_data_option(*command, options->data);
  add_url_option(*command, options->url)->excludes(data);
  command->footer(
      "A store that a collector holds is sealed by that collector.\nExit code: 0 sealed, 2 error.");
  command->callback([options, &context] { context.exit_code = run_seal(*options, context); });
}

}  // namespace tally::app
