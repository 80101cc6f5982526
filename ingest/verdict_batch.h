#pragma once

#include <cstdint>
#include <string>

#include "ingest/validator.h"
#include "model/provenance.h"
#include "model/time.h"
#include "store/batch.h"
#include "store/journal/frame_encoder.h"

namespace tally::ingest {

/// What is the same for all events of a body.
struct BodyOrigin {
  SourceKind kind = SourceKind::http;
  std::string source;        ///< see Run
  std::string client;        ///< see Run
  std::uint64_t offset = 0;  ///< of the body's first byte in its source; 0 for HTTP
  UtcTime received{};
};

/// Data frames are cut at the first line end past so many bytes: a reader that wants one event
/// decodes no more than that, and the compressor loses nothing.
inline constexpr std::size_t kFrameBytes = 1024 * 1024;

/// Adds all that a verdict says to `batch`: its events in frames, their runs, its refusals. Frames
/// of several verdicts follow one another in the order of the calls.
void append_verdict(const Verdict& verdict, const BodyOrigin& origin, store::FrameEncoder& encoder,
                    store::Batch& batch);

/// As append_verdict(), without the frames: for a caller that gathers the lines of several verdicts
/// in one.
void append_provenance(const Verdict& verdict, const BodyOrigin& origin, store::Batch& batch);

}  // namespace tally::ingest
