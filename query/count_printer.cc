#include "query/count_printer.h"

#include <string_view>
#include <vector>

#include "model/json_text.h"
#include "query/csv_text.h"
#include "query/table_writer.h"

namespace tally::query {
namespace {

/// Names of the columns before the count.
std::vector<std::string> key_names(const CountOptions& options) {
  std::vector<std::string> names;
  if (options.every) names.emplace_back("time");
  for (const Label& label : options.by) names.push_back(to_string(label));
  return names;
}

/// The row's cells before the count.
std::vector<std::string> key_cells(const CountRow& row, Zone& zone) {
  std::vector<std::string> cells;
  if (row.bucket) cells.push_back(format_rfc3339(*row.bucket, zone.offset_at(*row.bucket)));
  cells.insert(cells.end(), row.values.begin(), row.values.end());
  return cells;
}

void print_json(std::span<const CountRow> rows, const CountOptions& options, std::string& out) {
  const std::vector<std::string> names = key_names(options);
  Zone zone = options.zone;
  for (const CountRow& row : rows) {
    const std::vector<std::string> cells = key_cells(row, zone);
    out += '{';
    for (std::size_t i = 0; i < names.size(); ++i) {
      append_json_string(out, names[i]);
      out += ':';
      append_json_string(out, cells[i]);
      out += ',';
    }
    out += "\"count\":" + std::to_string(row.count) + "}\n";
  }
}

void print_csv(std::span<const CountRow> rows, const CountOptions& options, std::string& out) {
  Zone zone = options.zone;
  const auto print_line = [&](const std::vector<std::string>& cells, std::string_view count) {
    for (const std::string& cell : cells) {
      append_csv_cell(out, cell);
      out += ',';
    }
    out += count;
    out += kCsvRowEnd;
  };
  print_line(key_names(options), "count");
  for (const CountRow& row : rows) print_line(key_cells(row, zone), std::to_string(row.count));
}

void print_table(std::span<const CountRow> rows, const CountOptions& options, bool colours,
                 std::string& out) {
  const std::vector<std::string> names = key_names(options);
  std::vector<std::string> titles;
  for (const std::string& name : names) {
    std::string& title = titles.emplace_back(name);
    if (name.find('.') != std::string::npos) continue;  // a metadata key is as the user wrote it
    for (char& c : title) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  std::vector<TableColumn> columns;
  columns.reserve(titles.size() + 1);
  for (const std::string& title : titles) columns.push_back({title});
  columns.push_back({"COUNT", true});
  TableWriter table(std::move(columns), colours);
  Zone zone = options.zone;
  for (const CountRow& row : rows) {
    const std::vector<std::string> cells = key_cells(row, zone);
    const std::string count = std::to_string(row.count);
    std::vector<std::string_view> views(cells.begin(), cells.end());
    views.push_back(count);
    table.add_row(views, out);
  }
  table.finish(out);
}

}  // namespace

void print_counts(std::span<const CountRow> rows, const CountOptions& options, OutputFormat format,
                  bool colours, std::string& out) {
  if (format == OutputFormat::jsonl) return print_json(rows, options, out);
  if (format == OutputFormat::csv) return print_csv(rows, options, out);
  if (!options.by.empty() || options.every) return print_table(rows, options, colours, out);
  for (const CountRow& row : rows) out += std::to_string(row.count) + "\n";
}

}  // namespace tally::query
