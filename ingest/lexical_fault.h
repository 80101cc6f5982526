#pragma once

#include <string_view>
#include <vector>

#include "ingest/event_walker.h"
#include "ingest/structural_index.h"

namespace tally::ingest {

/// What StructuralIndex found wrong in a text, without saying where: found again byte by byte.
struct LexicalFault {
  Flaw flaw = Flaw::none;  ///< none: all strings are sound, whatever else is wrong
  Token string = 0;        ///< the opening quote of the first string that is not sound
  Token offset = 0;        ///< of the flaw
};

/// Lists in `tokens` those of [begin, end) of `text` that come before the first unsound string,
/// then one more: that string's, or `end` where all are sound.
LexicalFault find_lexical_fault(const char* text, Token begin, Token end,
                                std::vector<Token>& tokens);

}  // namespace tally::ingest
