#include "query/table_writer.h"

#include <algorithm>
#include <utility>

#include "model/check.h"
#include "query/visible_text.h"

namespace tally::query {

TableWriter::TableWriter(std::vector<TableColumn> columns, bool colours)
    : columns_(std::move(columns)), colours_(colours) {
  for (const TableColumn& column : columns_) widths_.push_back(display_width(column.title));
}

void TableWriter::add_row(std::span<const std::string_view> cells, std::string& out) {
  TALLY_CHECK(cells.size() == columns_.size());
  std::vector<std::string> row(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    append_visible(row[i], cells[i].empty() ? "-" : cells[i]);
  }
  if (!is_holding_) return write_row(row, out);
  for (std::size_t i = 0; i < row.size(); ++i) {
    widths_[i] = std::max(widths_[i], std::min(display_width(row[i]), kWidthMax));
  }
  held_.push_back(std::move(row));
  if (held_.size() == kRowsHeld) write_held(out);
}

void TableWriter::finish(std::string& out) {
  if (is_holding_ && !held_.empty()) write_held(out);
}

void TableWriter::write_held(std::string& out) {
  is_holding_ = false;
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.emplace_back(column.title);
  if (colours_) out += begin_colour(Colour::bold);
  write_row(titles, out);
  if (colours_) out.insert(out.size() - 1, kEndColour);
  for (const auto& row : held_) write_row(row, out);
  held_.clear();
}

void TableWriter::write_row(std::span<const std::string> cells, std::string& out) const {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += "  ";
    const std::size_t width = display_width(cells[i]);
    const std::size_t padding = width < widths_[i] ? widths_[i] - width : 0;
    if (columns_[i].is_number) out.append(padding, ' ');
    out += cells[i];
    if (!columns_[i].is_number && i + 1 < cells.size()) out.append(padding, ' ');
  }
  out += '\n';
}

}  // namespace tally::query
