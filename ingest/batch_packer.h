#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "ingest/validator.h"
#include "ingest/verdict_batch.h"
#include "store/batch.h"
#include "store/journal/frame_encoder.h"

namespace tally::ingest {

/// Gathers the events of many small bodies into one batch: one frame, and a run for each source. A
/// single event would otherwise cost several times its own length in headers. Not thread-safe.
class BatchPacker {
 public:
  BatchPacker();
  BatchPacker(const BatchPacker&) = delete;
  BatchPacker& operator=(const BatchPacker&) = delete;

  /// Longer bodies make a batch of their own.
  static constexpr std::size_t kBodyBytesMax = 64 * 1024;

  /// Whether another body of so many bytes, at most kBodyBytesMax, still goes into this batch.
  bool has_room(std::size_t body_bytes) const noexcept;

  /// Where to put the next body to have it validated; Validator::kPadding bytes behind it are there
  /// too. has_room() must have said yes.
  std::span<char> room(std::size_t body_bytes) noexcept;

  /// Adds what the verdict on the content of room() says. Allocates nothing if nothing was refused
  /// and the origin is that of the body before.
  void add(const Verdict& verdict, const BodyOrigin& origin);

  bool empty() const noexcept { return bodies_ == 0; }

  /// The batch of all that was added; the packer is empty again.
  store::Batch take(store::FrameEncoder& encoder);

 private:
  std::unique_ptr<char[]> lines_;
  std::size_t lines_bytes_ = 0;
  std::uint32_t events_ = 0;
  std::size_t bodies_ = 0;
  store::Batch batch_;  ///< all but the frame
};

}  // namespace tally::ingest
