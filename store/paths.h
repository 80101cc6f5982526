#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "store/disk/file_system.h"

namespace tally::store {

/// Where everything in a store's directory is: the one place that makes file names.
struct StorePaths {
  explicit StorePaths(Path store_directory);

  Path lock() const;
  Path durable() const;
  Path journal() const;  ///< the directory of the journal files
  Path journal_file(std::uint64_t number) const;
  Path spare() const;     ///< zeros written ahead: the next journal file
  Path draft() const;     ///< a journal file in the making, where there is no spare
  Path segments() const;  ///< the directory of the segments
  Path segment_file(std::uint64_t number) const;
  Path segment_draft() const;  ///< a segment in the making
  Path manifest() const;
  Path manifest_draft() const;  ///< what is to replace the manifest
  Path readers() const;   ///< whose bytes stand for segments, and are locked by who reads them
  Path rejected() const;  ///< the directory of refused events
  Path rejected_file(std::uint64_t number) const;
  Path rejected_draft() const;
  Path cursors() const;  ///< the directory of the sinks' cursors

  Path directory;
};

/// The number of the journal file called `name` ("00000042.jsonl.zst"), or nothing if no journal
/// file is called so: each number has exactly one name. Allocates nothing.
std::optional<std::uint64_t> parse_journal_name(std::string_view name) noexcept;

/// The same for segments ("00000042.seg") and files of refused events ("00000042.rej").
std::optional<std::uint64_t> parse_segment_name(std::string_view name) noexcept;
std::optional<std::uint64_t> parse_rejected_name(std::string_view name) noexcept;

}  // namespace tally::store
