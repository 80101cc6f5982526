#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"

namespace tally::app {

/// An event in the making.
struct EventDraft {
  std::string timestamp;  ///< RFC 3339
  std::string service;
  std::string operation;
  std::optional<std::string> container;
  bool success = true;
  std::optional<std::string> error;
  std::vector<std::string> metadata;  ///< "KEY=TEXT" or "KEY:=JSON"
};

/// Writes the event as JSON, all seven fields in the usual order. Errc::invalid for metadata in
/// another form; that JSON given for a value is JSON is for the validator to find out.
Result<std::string> write_event(const EventDraft& draft);

}  // namespace tally::app
