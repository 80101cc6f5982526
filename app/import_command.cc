#include "app/import_command.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/event_target.h"
#include "app/line_input.h"
#include "app/progress_bar.h"
#include "ingest/validator.h"

namespace tally::app {

namespace {

static_assert(LineInput::kPadding >= ingest::Validator::kPadding);

// Refused lines that are listed; all of them are kept in the store.
constexpr std::uint64_t kListedMax = 10;

struct ImportOptions {
  std::vector<std::string> files;
  std::string data;
  std::string url;
  bool url_is_weaker = false;  // it is from the environment, the directory is not
};

struct Totals {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
};

// Loads files one after the other and keeps count.
class Import {
 public:
  Import(EventTarget& target, const Terminal& terminal)
      : target_(target), bar_(terminal.errors, "importing") {}

  Result<void> load(const std::string& path) {
    TALLY_TRY(auto input, LineInput::open(path));
    EventOrigin origin{SourceKind::import, path, 0};
    for (;;) {
      TALLY_TRY(const auto piece, input.next());
      if (!piece) return ok();
      origin.offset = piece->offset;
      TALLY_TRY(const auto answer, target_.write(piece->bytes, ingest::BodyForm::ndjson, origin));
      list_refused(path, *piece, answer);
      totals_.accepted += answer.accepted;
      totals_.refused += answer.rejected_total;
      bar_.update(input.bytes_read(), input.bytes_total(), totals_.accepted);
    }
  }

  void print_summary() {
    bar_.wipe();
    const double seconds = bar_.elapsed().count();
    fmt::print(stderr, "{} events into {} in {:.1f} s ({:.0f}/s), {} refused{}\n", totals_.accepted,
               target_.name(), seconds, static_cast<double>(totals_.accepted) / seconds,
               totals_.refused, totals_.refused > 0 ? "; tally rejected lists them" : "");
  }

  const Totals& totals() const noexcept { return totals_; }

 private:
  void list_refused(const std::string& path, const LinePiece& piece,
                    const ingest::PostAnswer& answer) {
    for (const auto& rejected : answer.rejected) {
      if (listed_ == kListedMax) return;
      ++listed_;
      bar_.wipe();
      fmt::print(stderr, "{}:{}: {}\n", path, piece.first_line + rejected.line - 1,
                 rejected.reason);
    }
  }

  EventTarget& target_;
  ProgressBar bar_;
  Totals totals_;
  std::uint64_t listed_ = 0;
};

Result<std::unique_ptr<EventTarget>> open_target(const ImportOptions& options,
                                                 CommandContext& context) {
  if (!options.url.empty() && !options.url_is_weaker) return open_collector_target(options.url);
  return open_store_target(context, options.data);
}

int run_import(const ImportOptions& options, CommandContext& context) {
  const auto target = open_target(options, context);
  if (!target) return fail(target.error());
  Import import(*target.value(), context.terminal);
  for (const std::string& file : options.files) {
    const Result<void> loaded = import.load(file);
    if (loaded) continue;
    // What was acknowledged stays: say how far it came.
    import.print_summary();
    return fail(loaded.error());
  }
  import.print_summary();
  return import.totals().refused > 0 ? kExitPartly : kExitOk;
}

}  // namespace

void add_import_command(CLI::App& root, CommandContext& context) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command = root.add_subcommand("import", "Load files of events, one JSON event a line");
  command->add_option("FILE", options->files, "Plain, gzip or zstd; - is standard input")
      ->required();
  CLI::Option* data = add_data_option(*command, options->data);
  CLI::Option* url = add_url_option(*command, options->url);
  command->footer(
      "A store that a collector holds is loaded through that collector.\n"
      "Exit code: 0 all accepted, 1 some refused, 2 error.");
  command->callback([options, data, url, &context] {
    options->url_is_weaker = given_as_flag(*data) && !given_as_flag(*url);
    context.exit_code = run_import(*options, context);
  });
}

}  // namespace tally::app
