#include "tests/shipper/fault_table.h"

#include <algorithm>
#include <cstdio>

namespace tally::tests {
namespace {

bool full_run = false;

/// One line, in a table whose columns are bars.
std::string cell(std::string text) {
  constexpr std::size_t kMost = 160;
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '|', '/');
  if (text.size() > kMost) text = text.substr(0, kMost) + "…";
  return text;
}

void print_row(const FaultRow& row) {
  std::printf("| %s | %s |", row.receiver.c_str(), cell(row.fault).c_str());
  for (const std::uint64_t number :
       {row.shipped, row.arrived, row.unique, row.dead, row.lost, row.doubled}) {
    std::printf(" %llu |", static_cast<unsigned long long>(number));
  }
  std::printf(" %s |\n", cell(row.said).c_str());
}

}  // namespace

FaultTable& FaultTable::shared() {
  static FaultTable table;
  return table;
}

void FaultTable::print() const {
  if (rows_.empty()) return;
  std::printf(
      "\n| receiver | fault | shipped | at the receiver | unique | dead letters | lost | doubled "
      "| what the sink said |\n|---|---|---:|---:|---:|---:|---:|---:|---|\n");
  for (const FaultRow& row : rows_) print_row(row);
  std::fflush(stdout);
}

bool is_full_run() { return full_run; }
void set_full_run() { full_run = true; }

}  // namespace tally::tests
