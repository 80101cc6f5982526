#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/file_system.h"

namespace tally::store {

/// Where everything in a store's directory is: the one place that makes file names.
struct StorePaths {
  explicit StorePaths(Path store_directory);

  Path lock() const;
  Path durable() const;
  Path journal() const;  ///< the directory of the journal files
  Path journal_file(std::uint64_t number) const;
  Path spare() const;  ///< zeros written ahead: the next journal file
  Path draft() const;  ///< a journal file in the making, where there is no spare

  Path directory;
};

/// The number of the journal file called `name` ("00000042.jsonl.zst"), or nothing if no journal
/// file is called so: each number has exactly one name. Allocates nothing.
std::optional<std::uint64_t> parse_journal_name(std::string_view name) noexcept;

}  // namespace tally::store
