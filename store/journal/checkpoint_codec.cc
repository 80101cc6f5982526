#include "store/journal/checkpoint_codec.h"

#include "store/journal/journal_format.h"

namespace tally::store {

void put_checkpoints(std::string& out, std::span<const SourceCheckpoint> checkpoints) {
  for (const SourceCheckpoint& checkpoint : checkpoints) {
    put_text(out, checkpoint.source);
    put_text(out, checkpoint.state);
  }
}

std::vector<SourceCheckpoint> read_checkpoints(ByteReader& in, std::size_t count_max) {
  std::vector<SourceCheckpoint> checkpoints;
  while (!in.at_end()) {
    const std::string_view source = in.text(kNameBytesMax);
    const std::string_view state = in.text(kCheckpointStateBytesMax);
    if (checkpoints.size() == count_max) in.fail();
    if (in.failed()) return {};
    checkpoints.push_back({std::string(source), std::string(state)});
  }
  return checkpoints;
}

bool within_limits(const SourceCheckpoint& checkpoint) noexcept {
  return checkpoint.source.size() <= kNameBytesMax &&
         checkpoint.state.size() <= kCheckpointStateBytesMax;
}

}  // namespace tally::store
