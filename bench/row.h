#pragma once

#include <string>
#include <vector>

namespace tally::bench {

/// One line of the table that bench/run.sh prints.
struct Row {
  std::string what;
  std::string figure;
  std::string limit;  ///< what the figure is held against, with its own figure; "-": nothing
  double ratio = 0;   ///< figure to limit, 0: none
  std::string bar;    ///< what the ratio should reach; "-": nothing
};

/// Prints the row, and appends it to the file that TALLY_BENCH_ROWS names, if it names one.
void print_row(const Row& row);

/// A row without a limit.
void print_figure(const std::string& what, const std::string& figure);

/// "1.23 M", "45.6 k", "789", with three significant digits.
std::string with_unit(double value, const std::string& unit);

/// The middle one; the lower of two. `values` must not be empty.
double median(std::vector<double> values);

/// The median of repeated runs, with the best and the coefficient of variation where there are
/// several: "1.23 M events/s (best 1.3 M events/s, cv 4 %)". Higher is better.
std::string describe_runs(const std::vector<double>& runs, const std::string& unit);

}  // namespace tally::bench
