#include "bench/row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "model/check.h"

namespace tally::bench {
namespace {

// Standard deviation to mean.
double variation(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / static_cast<double>(values.size());
  for (const double value : values) squares += (value - mean) * (value - mean);
  return mean == 0 ? 0 : std::sqrt(squares / static_cast<double>(values.size())) / mean;
}

}  // namespace

void print_row(const Row& row) {
  const std::string ratio = row.ratio == 0 ? "-" : fmt::format("{:.2f}", row.ratio);
  const std::string line =
      fmt::format("{}|{}|{}|{}|{}", row.what, row.figure, row.limit, ratio, row.bar);
  fmt::print("{}\n", line);
  std::fflush(stdout);
  if (const char* path = std::getenv("TALLY_BENCH_ROWS")) {
    std::ofstream(path, std::ios::app) << line << '\n';
  }
}

void print_figure(const std::string& what, const std::string& figure) {
  print_row({.what = what, .figure = figure, .limit = "-", .ratio = 0, .bar = "-"});
}

std::string with_unit(double value, const std::string& unit) {
  if (value >= 1e9) return fmt::format("{:.3g} G {}", value / 1e9, unit);
  if (value >= 1e6) return fmt::format("{:.3g} M {}", value / 1e6, unit);
  if (value >= 1e3) return fmt::format("{:.3g} k {}", value / 1e3, unit);
  return fmt::format("{:.3g} {}", value, unit);
}

double median(std::vector<double> values) {
  TALLY_CHECK(!values.empty());
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::string describe_runs(const std::vector<double>& runs, const std::string& unit) {
  const std::string middle = with_unit(median(runs), unit);
  if (runs.size() == 1) return middle;
  const double best = *std::max_element(runs.begin(), runs.end());
  return fmt::format("{} (best {}, cv {:.0f} %)", middle, with_unit(best, unit),
                     100 * variation(runs));
}

}  // namespace tally::bench
