#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/disk/file_system.h"

namespace tally::bench {

/// A container that has one event in a store of many segments, in the middle.
inline constexpr std::string_view kLoneContainer = "only-once-in-the-middle";

/// What make_many_segments made.
struct ManySegments {
  std::uint64_t segments = 0;
  std::uint64_t events = 0;
  std::string lone_line;  ///< the event of kLoneContainer, without its LF
};

/// Makes the store that a collector would leave in `directory` after it sealed so many journal
/// files of a few corpus events each: all segments, MANIFEST, and the empty journal file behind
/// them. Ends the program if that does not go.
ManySegments make_many_segments(store::FileSystem& files, const store::Path& directory,
                                std::uint64_t segments);

}  // namespace tally::bench
