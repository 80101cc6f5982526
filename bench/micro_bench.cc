#include "bench/micro_bench.h"

#include <fmt/format.h>

#include "bench/row.h"

namespace tally::bench {
namespace {

class RowReporter final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type == Run::RT_Iteration && run.repetitions > 1) continue;
      if (run.run_type == Run::RT_Aggregate && run.aggregate_name != "median") continue;
      rows_.push_back(row_of(run));
    }
  }

  void Finalize() override {
    for (const Row& row : rows_) print_row(row);
  }

 private:
  static double counter(const Run& run, const char* name) {
    const auto it = run.counters.find(name);
    return it == run.counters.end() ? 0 : it->second.value;
  }

  static Row row_of(const Run& run) {
    const double rate = counter(run, "items_per_second");
    const double limit = counter(run, "limit");
    Row row{.what = run.report_label,
            .figure = with_unit(rate, "events/CPU-s"),
            .limit = with_unit(limit, "events/CPU-s"),
            .ratio = limit == 0 ? 0 : rate / limit,
            .bar = "-"};
    if (run.counters.contains("allocs_per_event")) {
      row.figure += fmt::format(", {:.3g} allocs/event", counter(run, "allocs_per_event"));
    }
    if (run.counters.contains("events_per_sync")) {
      row.figure += fmt::format(", {:.0f} events/sync", counter(run, "events_per_sync"));
    }
    return row;
  }

  std::vector<Row> rows_;
};

}  // namespace

void report_against(benchmark::State& state, std::uint64_t events, double limit_events_per_second,
                    const std::string& what) {
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
  state.counters["limit"] = limit_events_per_second;
  state.SetLabel(what);
}

int run_micro_benchmarks(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  RowReporter reporter;
  return benchmark::RunSpecifiedBenchmarks(&reporter) == 0 ? 1 : 0;
}

}  // namespace tally::bench
