#pragma once

#include "model/result.h"
#include "model/sequence.h"
#include "model/time.h"
#include "store/disk/file_system.h"
#include "store/paths.h"

namespace tally::store {

/// A sequence before which all events came in before `time`, found without reading any: who wants
/// those that came in from `time` on can begin there. Times of receipt never go back in a store, so
/// the end of a file bounds all before it. kFirstSequence: nothing tells, or there is no store.
Result<Sequence> first_received_from(FileSystem& files, const StorePaths& paths, UtcTime time);

}  // namespace tally::store
