#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/provenance.h"
#include "model/result.h"
#include "model/sequence.h"
#include "shipper/letter_text.h"
#include "shipper/shipper.h"
#include "shipper/sink.h"
#include "store/disk/file_system.h"

namespace tally::shipper {

/// Sends a sink's dead letters once more, when an order says so: DIR/cursors/NAME.dead becomes
/// NAME.replaying, and goes when all that is in it has arrived or is among the dead letters again.
/// What a crash interrupts the next session goes on with, so that each letter arrives at least
/// once. Used by one thread, which has the sink's position; `parts` must outlive it.
class LetterReplay {
 public:
  explicit LetterReplay(ShipperParts& parts);

  /// Whether there are letters to be sent; takes on the next of what is left over or ordered.
  Result<bool> prepare();

  /// Offers them to `sink`, made for nothing else, in the order of their sequences, and waits until
  /// none is in hand. False: `ended` has said that there is something else to do before that.
  Result<bool> run(Sink& sink, const std::function<Result<bool>()>& ended);

  /// They have all arrived, or are dead again: removes the file. Lines of it that are damaged go
  /// back to the dead letters, of which the sink has let go.
  Result<void> finish();

 private:
  /// Letters of consecutive sequences, as a cursor would give the events.
  struct Gathered {
    std::string lines;
    std::vector<Run> runs;
    std::uint32_t count = 0;
  };

  Result<bool> take_over();
  Result<void> read();
  Gathered gather(std::size_t begin) const;
  Result<bool> offer(Sink& sink, const store::Chunk& chunk,
                     const std::function<Result<bool>()>& ended);
  Result<void> take_progress(Sink& sink);

  ShipperParts* parts_;
  const store::Path dead_;
  const store::Path replaying_;
  std::vector<DeadLetter> letters_;   ///< by sequence, each once
  std::vector<std::string> damaged_;  ///< lines
  Sequence arrived_{};                ///< the first that has not
};

}  // namespace tally::shipper
