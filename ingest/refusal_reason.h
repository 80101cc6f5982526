#pragma once

#include <string>

#include "ingest/event_walker.h"

namespace tally::ingest {

/// Where a refused event is.
struct EventText {
  const char* text = nullptr;
  Token begin = 0;
  Token end = 0;
  const Token* first = nullptr;  ///< its first token
};

/// Says in a short sentence, and with the field's path, what EventWalker or find_lexical_fault()
/// found wrong. One line of valid UTF-8, however hostile the event.
std::string refusal_reason(const EventText& event, const Fault& fault);

/// Of an event over the size limit; `event` holds as much of it as is at hand.
std::string too_large_reason(std::string_view event, std::uint64_t length);

}  // namespace tally::ingest
