#pragma once

#include <string>
#include <string_view>

#include "model/result.h"
#include "store/journal/commit_header.h"
#include "store/rejected/refused_codec.h"

namespace tally::store {

/// Appends the attachments of a commit: what stands behind its core.
void put_attachments(std::string& out, const CommitHeader& header, RefusedPacker& packer);

/// Reads the attachments into `header`; trusts nothing. Without `keep_refused` the refused events
/// stay packed and are left out.
Result<void> read_attachments(std::string_view bytes, bool keep_refused, CommitHeader& header);

}  // namespace tally::store
