#pragma once

#include <string>
#include <string_view>

#include "model/result.h"
#include "store/journal/commit_header.h"

namespace tally::store {

/// Appends the core of a commit: the bytes whose SHA-256 the next commit names.
void put_core(std::string& out, const CommitHeader& header);

/// Reads the core into `header`; trusts nothing.
Result<void> read_core(std::string_view bytes, CommitHeader& header);

}  // namespace tally::store
