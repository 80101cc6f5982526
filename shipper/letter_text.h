#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "model/sequence.h"
#include "model/time.h"
#include "store/disk/file_system.h"

namespace tally::shipper {

/// An event that a receiver has refused for good: a line of a file of dead letters;
/// docs/format/cursors.md.
struct DeadLetter {
  Sequence sequence{};
  UtcTime received{};  ///< when the event came in; where that is not known, when it was refused
  std::string reason;
  std::string line;  ///< the event
};

/// The line, with its LF, of a letter that is refused at `now`.
std::string letter_text(const DeadLetter& letter, UtcTime now);

/// Reads a line without its LF. Nothing: it is damaged.
std::optional<DeadLetter> read_letter(std::string_view text);

/// The lines of the file, without their LFs; none if there is no such file. What a crash has cut
/// off at its end is not one of them.
Result<std::vector<std::string>> read_letter_lines(store::FileSystem& files,
                                                   const store::Path& path);

}  // namespace tally::shipper
