#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/colour.h"

namespace tally::query {

struct TableColumn {
  std::string_view title;
  bool is_number = false;  ///< aligned to the right
};

/// Writes rows as aligned columns in bounded memory: the first rows are held back and decide the
/// widths; what is wider later pushes its own line only. One thread.
class TableWriter {
 public:
  explicit TableWriter(std::vector<TableColumn> columns, bool colours);

  /// A row has one cell a column; an empty one is shown as "-".
  void add_row(std::span<const std::string_view> cells, std::string& out);

  /// Writes what is held back. Nothing at all if there was no row.
  void finish(std::string& out);

 private:
  static constexpr std::size_t kRowsHeld = 200;
  static constexpr std::size_t kWidthMax = 48;  // of a column that others must line up with

  void write_held(std::string& out);
  void write_row(std::span<const std::string> cells, std::string& out) const;

  std::vector<TableColumn> columns_;
  bool colours_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> held_;
  bool is_holding_ = true;
};

}  // namespace tally::query
