#pragma once

#include <cstdint>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/journal/journal_reader.h"
#include "store/paths.h"

namespace tally::store {

/// How far a reader may go: up to a place in one journal file, and all of the files before it.
struct DurableLimit {
  std::uint64_t number = 0;  ///< of the file; 0: not known yet
  JournalLimit in_file;

  friend bool operator==(const DurableLimit&, const DurableLimit&) = default;
};

/// With a writer its mark is the limit; without one, all that is there. `before` is what the caller
/// knew until now, and stays where nothing better can be had.
Result<DurableLimit> read_durable_limit(FileSystem& files, const StorePaths& paths,
                                        const DurableLimit& before);

}  // namespace tally::store
