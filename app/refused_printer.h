#pragma once

#include <cstdint>
#include <string>

#include "query/table_writer.h"
#include "query/zone.h"
#include "store/batch.h"

namespace tally::app {

enum class RefusedFormat : std::uint8_t { table, jsonl };

/// Writes refused events for people (table) or programs (jsonl). One thread.
///
/// A line of jsonl is {"received":…,"source":{"kind":…,"name":…,"offset":…},"client":…,"reason":…,
/// "length":…,"event":…}: the event as a text, or in hexadecimal as "event_hex" where it is no
/// valid UTF-8; one that was cut has "sha256" over the whole.
class RefusedPrinter {
 public:
  RefusedPrinter(RefusedFormat format, query::Zone zone, bool colours);

  void print(const store::RefusedEvent& refused, std::string& out);

  /// Writes what the table holds back.
  void finish(std::string& out);

 private:
  void print_row(const store::RefusedEvent& refused, std::string& out);

  const RefusedFormat format_;
  query::Zone zone_;
  query::TableWriter table_;
};

}  // namespace tally::app
