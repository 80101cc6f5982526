#pragma once

#include <string>
#include <string_view>

#include "model/result.h"
#include "store/manifest/manifest.h"

/// The bytes of DIR/MANIFEST; docs/format/manifest.md.
namespace tally::store {

/// Reads the bytes of a manifest as far as they are good; trusts nothing. Errc::unsupported: a
/// newer version wrote them.
Result<FoundManifest> decode_manifest(std::string_view bytes);

/// The bytes of a file that says just this; `manifest.store` is set.
std::string encode_manifest(const Manifest& manifest);

/// Appends one record.
void put_segment_record(std::string& out, const SegmentSummary& segment);
void put_removed_record(std::string& out, const RemovedFiles& removed);

}  // namespace tally::store
