#pragma once

#include <cstdint>
#include <string_view>

#include "model/result.h"
#include "store/disk/file_system.h"
#include "store/salvage/salvage_findings.h"

namespace tally::store {

enum class SalvageKind : std::uint8_t { rejected, segment, journal, unknown };

/// "journal file", for messages.
std::string_view to_string(SalvageKind kind) noexcept;

/// What the file is: by how it begins or ends, by its name, by what is found in it, in this order.
Result<SalvageKind> recognise(File& file, const Path& path);

/// What the file says of itself, without reading all of it: store, number and first sequence.
Result<SalvageFindings> introduce(File& file, const Path& path, SalvageKind kind);

/// Gives all that can be proven of the file; of one of unknown kind, nothing.
Result<SalvageFindings> salvage_file(File& file, const Path& path, SalvageKind kind,
                                     const SalvageOptions& options, const SalvageOutlet& outlet);

}  // namespace tally::store
