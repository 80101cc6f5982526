#pragma once

#include <string>

#include "model/result.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/paths.h"
#include "store/store_id.h"

namespace tally::tests {

/// Says that the sink `name` of a store has got all before `next`, as sinks do: in a draft that is
/// synced and renamed.
Result<void> put_sink_file(store::FileSystem& files, const store::StorePaths& paths,
                           const store::StoreId& store, const std::string& name, Sequence next);

}  // namespace tally::tests
