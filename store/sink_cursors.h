#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/paths.h"
#include "store/store_id.h"

namespace tally::store {

/// How far a sink has got.
struct SinkCursor {
  std::string name;
  Sequence next{};  ///< the first event that it has not got

  friend bool operator==(const SinkCursor&, const SinkCursor&) = default;
};

/// 1 to 64 letters, digits, '-' and '_': what a sink's files in DIR/cursors have behind its name
/// begins with a dot.
bool is_sink_name(std::string_view name) noexcept;

/// For who gave another one.
std::string sink_name_rule(std::string_view name);

/// The cursors in DIR/cursors, by name; docs/format/cursors.md. One of another store is left out.
/// One that cannot be understood stands before the first event: better to keep too much.
Result<std::vector<SinkCursor>> read_sink_cursors(FileSystem& files, const StorePaths& paths,
                                                  const StoreId& store);

}  // namespace tally::store
