#pragma once

#include <string>

#include "ingest/structural_index.h"

namespace tally::ingest {

/// Names the place of `token` in the event whose tokens begin at `first`, as in
/// `metadata.ports[2].name`: the keys and indexes of all that is open before it, and the key that
/// it is itself if `is_key`. Empty for the event as a whole. All tokens before `token` must have
/// passed EventWalker. Long paths lose their beginning, long keys their end.
std::string field_path(const char* text, const Token* first, const Token* token, bool is_key);

}  // namespace tally::ingest
