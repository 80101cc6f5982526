// A whole journal file: every commit, every frame that its header names, and the search behind a
// bad place.

#include <cstddef>
#include <cstdint>
#include <string>

#include "model/check.h"
#include "store/journal/frame_decoder.h"
#include "store/journal/journal_scan.h"
#include "tests/support/bytes_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tally;
  tests::BytesFile file(std::string(reinterpret_cast<const char*>(data), size));
  auto opened = store::JournalScan::open(file, "fuzz", {.keep_refused = true});
  if (!opened) return 0;
  store::JournalScan& scan = opened.value();
  store::FrameDecoder decoder;
  while (true) {
    auto commit = scan.next();
    if (commit && !commit.value()) commit = scan.resync(scan.offset() + 1, size);
    if (!commit || !commit.value()) break;
    const store::Commit& found = *commit.value();
    TALLY_CHECK(found.end > found.offset && found.end <= size);
    for (std::size_t i = 0; i < found.frame_offsets.size(); ++i) {
      const auto stored = scan.read_frame(found, i);
      TALLY_CHECK(stored);
      (void)decoder.decode(stored.value(), found.header.frames[i].lines_bytes);
    }
  }
  (void)scan.rest_is_zero();
  return 0;
}
