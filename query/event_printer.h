#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "query/event_line.h"
#include "query/table_writer.h"
#include "store/event/event_reader.h"
#include "store/event/metadata_reader.h"

namespace tally::query {

enum class OutputFormat : std::uint8_t {
  pretty,  ///< a line for people
  jsonl,   ///< the event's own bytes
  csv,
  table,
};

/// Writes events in one of the formats. One thread.
class EventPrinter {
 public:
  EventPrinter(OutputFormat format, LineStyle style);

  /// The fields that print() looks at.
  store::FieldSet wanted() const noexcept;

  /// `line`: an event as stored (as jsonl anything goes); store::kChunkPadding bytes behind it must
  /// be readable.
  void print(std::string_view line, std::string& out);

  /// Writes what was held back to align columns with what comes later.
  void settle(std::string& out);

  /// Ends the output; a CSV without events has its header all the same.
  void finish(std::string& out);

 private:
  void print_csv(const store::EventFields& event, std::string& out);
  void print_row(const store::EventFields& event, std::string& out);
  void write_csv_header(std::string& out);

  OutputFormat format_;
  LineStyle style_;
  store::EventReader events_;
  store::MetadataReader metadata_;
  TableWriter table_;
  bool has_csv_header_ = false;
};

}  // namespace tally::query
