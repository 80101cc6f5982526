#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "bench/corpus.h"
#include "model/clock.h"

namespace {

constexpr std::size_t kWriteBytes = 256 * 1024;

bool write_out(std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  text.clear();
  return written;
}

int write_corpus(const tally::bench::CorpusOptions& options, std::uint64_t count) {
  tally::bench::CorpusGenerator generator(options);
  std::string text;
  for (std::uint64_t i = 0; i < count; ++i) {
    generator.append_line(text);
    if (text.size() >= kWriteBytes && !write_out(text)) return 1;
  }
  return write_out(text) && std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Writes audit events of a made-up container host to standard output, one a line."};
  std::uint64_t count = 1000;
  bool ending_now = false;
  tally::bench::CorpusOptions options;
  app.add_option("--count", count, "How many events")->capture_default_str();
  app.add_option("--seed", options.seed, "The same seed gives the same events")
      ->capture_default_str();
  app.add_option("--rate", options.events_per_second, "Events per second of their own time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--ending-now", ending_now, "The last event's time is now, not in January 2026");
  CLI11_PARSE(app, argc, argv);
  if (ending_now) options = ending_at(options, tally::SystemClock().now(), count);
  return write_corpus(options, count);
}
