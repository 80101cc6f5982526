#pragma once

#include <optional>
#include <string>

#include "model/result.h"
#include "model/sequence.h"
#include "store/disk/file_system.h"
#include "store/sink_position.h"

namespace tally::store {

/// The lines of a cursor file: what could be read of them. docs/format/cursors.md.
struct CursorText {
  std::optional<std::string> store;
  std::optional<Sequence> next;
  std::string note;
};

Result<CursorText> read_cursor_text(FileSystem& files, const Path& path);

std::string cursor_text(const std::string& store, const SinkState& state);

}  // namespace tally::store
