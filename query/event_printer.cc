#include "query/event_printer.h"

#include <array>

#include "query/csv_text.h"

namespace tally::query {
namespace {

std::vector<TableColumn> table_columns() {
  return {{"TIME"}, {"RESULT"}, {"SERVICE"}, {"OPERATION"}, {"CONTAINER"}, {"ERROR"}, {"METADATA"}};
}

}  // namespace

EventPrinter::EventPrinter(OutputFormat format, LineStyle style)
    : format_(format), style_(style), table_(table_columns(), style.colours) {}

store::FieldSet EventPrinter::wanted() const noexcept {
  return format_ == OutputFormat::jsonl ? store::FieldSet::none : store::FieldSet::all;
}

void EventPrinter::print(std::string_view line, std::string& out) {
  if (format_ == OutputFormat::jsonl) {
    out += line;
    out += '\n';
    return;
  }
  const store::EventFields* event = events_.read(line, store::FieldSet::all);
  if (event == nullptr) return;  // whoever matched it has counted it as damaged
  switch (format_) {
    case OutputFormat::jsonl:
      break;
    case OutputFormat::csv:
      print_csv(*event, out);
      break;
    case OutputFormat::table:
      print_row(*event, out);
      break;
    case OutputFormat::pretty:
      append_event_line(out, *event, metadata_, style_);
      out += '\n';
      break;
  }
}

void EventPrinter::write_csv_header(std::string& out) {
  has_csv_header_ = true;
  out += "timestamp,service,operation,container,success,error,metadata";
  out += kCsvRowEnd;
}

void EventPrinter::print_csv(const store::EventFields& event, std::string& out) {
  if (!has_csv_header_) write_csv_header(out);
  const std::array<std::string_view, 7> cells{event.timestamp,
                                              event.service,
                                              event.operation,
                                              event.container.value_or(""),
                                              event.success ? "true" : "false",
                                              event.error.value_or(""),
                                              event.metadata};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    append_csv_cell(out, cells[i]);
  }
  out += kCsvRowEnd;
}

void EventPrinter::print_row(const store::EventFields& event, std::string& out) {
  std::string time;
  append_local_time(time, event.time.utc, style_.zone);
  std::string metadata;
  append_metadata(metadata, event.metadata, metadata_);
  const std::array<std::string_view, 7> cells{time,
                                              event.success ? "ok" : "FAILED",
                                              event.service,
                                              event.operation,
                                              event.container.value_or(""),
                                              event.error.value_or(""),
                                              metadata};
  table_.add_row(cells, out);
}

void EventPrinter::settle(std::string& out) { table_.finish(out); }

void EventPrinter::finish(std::string& out) {
  if (format_ == OutputFormat::csv && !has_csv_header_) write_csv_header(out);
  table_.finish(out);
}

}  // namespace tally::query
