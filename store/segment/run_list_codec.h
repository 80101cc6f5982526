#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/provenance.h"
#include "store/segment/integer_codec.h"
#include "store/segment/packed_bytes.h"

namespace tally::store {

/// A block's provenance: the runs of its events.
struct RunList {
  bool continued = false;  ///< the first run goes on with the last one of the block before
  std::vector<Run> runs;

  friend bool operator==(const RunList&, const RunList&) = default;
};

/// Appends the list, column by column: of single posts each is a run of its own.
void put_runs(std::string& out, const RunList& list, BytesPacker& packer, IntegerEncoder& integers);

/// Reads the runs of `events` events. False: they are not there, or not of so many.
bool read_runs(std::string_view part, std::uint32_t events, BytesUnpacker& unpacker,
               IntegerDecoder& integers, RunList& list);

}  // namespace tally::store
