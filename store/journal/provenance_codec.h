#pragma once

#include <string>

#include "model/provenance.h"
#include "model/time.h"
#include "store/disk/field_codec.h"

namespace tally::store {

/// A time as the difference from `before`, which any two times have (it wraps): in a commit most
/// are equal, and cost one byte.
void put_time_after(std::string& out, UtcTime before, UtcTime time);
UtcTime read_time_after(ByteReader& in, UtcTime before) noexcept;

void put_source_kind(std::string& out, SourceKind kind);
/// Fails on a kind that is not known: a new one needs a new field.
SourceKind read_source_kind(ByteReader& in) noexcept;

}  // namespace tally::store
