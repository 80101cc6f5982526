#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/cursor.h"

namespace tally::query {

/// A chunk made by hand, as a cursor would give it: lines, one run of provenance a call of from().
class ChunkBuilder {
 public:
  ChunkBuilder& line(std::string_view text) {
    if (runs_.empty()) from(Run{0, {}, SourceKind::http, 0, 0, "127.0.0.1", ""});
    lines_ += text;
    lines_ += '\n';
    ++runs_.back().count;
    ++count_;
    return *this;
  }

  /// What follows comes from `run`, whose count is made up here.
  ChunkBuilder& from(Run run) {
    run.count = 0;
    runs_.push_back(std::move(run));
    return *this;
  }

  /// Valid until the builder changes.
  store::Chunk chunk(Sequence first = kFirstSequence) {
    padded_ = lines_ + std::string(store::kChunkPadding, '\0');
    return {first, count_, std::string_view(padded_).substr(0, lines_.size()), runs_};
  }

 private:
  std::string lines_;
  std::string padded_;
  std::vector<Run> runs_;
  std::uint32_t count_ = 0;
};

}  // namespace tally::query
