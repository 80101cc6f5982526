#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/sequence.h"

namespace tally::shipper {

/// Who ships: made anew with each sink of a process, the same for all its attempts.
struct ShipperInstance {
  std::string id;  ///< a random UUID
  std::string by;  ///< "HOST, process PID", for people

  static ShipperInstance random();
};

/// The value of a record in the cursor topic: docs/format/kafka.md.
struct CursorRecord {
  std::optional<Sequence> next;  ///< the first event that is not in the topic; nothing: none is
  ShipperInstance instance;      ///< who wrote it
};

std::string to_text(const CursorRecord& record);

/// Lines that nobody knows are skipped. Nothing: there is no instance, or `next` is no number.
std::optional<CursorRecord> parse_cursor_record(std::string_view text);

}  // namespace tally::shipper
