#include "ingest/validator.h"

#include "bench/allocation_count.h"
#include "bench/bare_kernel_limit.h"
#include "bench/micro_bench.h"
#include "bench/require.h"

namespace tally::bench {
namespace {

constexpr std::uint64_t kEvents = 100'000;
constexpr std::uint32_t kBrokenEvery = 97;
constexpr std::size_t kMebibyte = 1024 * 1024;

static_assert(kFramePadding >= ingest::Validator::kPadding);

// Every kBrokenEvery-th line loses the colon after its first key, so that it has to be found out
// without its neighbours; the others must come out as they are.
void check_with_broken_lines(ingest::Validator& validator, const CorpusFrame& frame) {
  std::string body = frame.lines;
  std::string expected;
  std::vector<std::uint32_t> broken;
  std::uint32_t line = 1;
  for (std::size_t begin = 0; begin < body.size(); ++line) {
    const std::size_t end = body.find('\n', begin) + 1;
    if (line % kBrokenEvery == 0) {
      broken.push_back(line);
      body[body.find(':', begin)] = ' ';
    } else {
      expected.append(body, begin, end - begin);
    }
    begin = end;
  }
  const std::size_t size = body.size();
  body.append(ingest::Validator::kPadding, '\0');
  const auto& verdict = validator.validate({body.data(), size}, ingest::BodyForm::ndjson);
  require(verdict.lines == expected, "the accepted lines are not the whole ones");
  require(verdict.refusals.size() == broken.size(), "another number of lines was refused");
  for (std::size_t i = 0; i < broken.size(); ++i) {
    require(verdict.refusals[i].line == broken[i], "another line was refused");
  }
}

void check(ingest::Validator& validator, std::vector<CorpusFrame>& frames) {
  for (CorpusFrame& frame : frames) {
    const std::string before = frame.lines;
    const auto& verdict = validator.validate(frame.lines, ingest::BodyForm::ndjson);
    require(verdict.count == frame.events && verdict.refusals.empty(), "a good line was refused");
    require(verdict.lines == before, "lines were altered");
  }
  check_with_broken_lines(validator, frames.front());
}

void BM_Validate(benchmark::State& state) {
  static std::vector<CorpusFrame> frames = corpus_frames(kEvents, kMebibyte);
  static const double limit =
      static_cast<double>(kEvents) / measure_parse(joined_lines(frames), kMebibyte);
  ingest::Validator validator;
  check(validator, frames);

  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  const std::uint64_t allocations_before = allocation_count();
  for (auto _ : state) {
    for (CorpusFrame& frame : frames) {
      const auto& verdict = validator.validate(frame.lines, ingest::BodyForm::ndjson);
      events += verdict.count;
      bytes += frame.lines.size();
    }
  }
  const auto allocations = static_cast<double>(allocation_count() - allocations_before);
  state.counters["allocs_per_event"] = allocations / static_cast<double>(events);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  report_against(state, events, limit, "validate 1 MiB NDJSON / parse and walk");
}
BENCHMARK(BM_Validate)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) { return tally::bench::run_micro_benchmarks(argc, argv); }
