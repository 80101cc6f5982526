#include "tests/support/crash_sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

namespace tally::tests {

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

std::string test_name(const Way& way) {
  std::string name(way.name);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

void fail_and_compare(const CrashedLife& life, const Way& way, std::uint64_t at,
                      std::uint64_t crashes, std::uint64_t seed) {
  FaultFileSystem files;
  files.set_fault(Fault{.kind = way.kind, .at = at, .lasting = way.lasting});
  Promises promises;
  life.live(files, promises);
  const auto trace = files.trace();
  const std::string hit = at <= trace.size() ? to_string(trace[at - 1]) : "nothing";
  for (std::uint64_t crash = 0; crash < crashes; ++crash) {
    SCOPED_TRACE(testing::Message()
                 << "operation " << at << " (" << hit << "), seed " << seed << ", crash " << crash);
    std::mt19937_64 random(seed + at * 16 + crash);
    const auto after = files.after_crash(random);
    ASSERT_NO_FATAL_FAILURE(life.reopen_and_compare(*after, promises, random));
  }
  SCOPED_TRACE(testing::Message() << "operation " << at << " (" << hit << "), killed");
  std::mt19937_64 random(seed + at);
  files.kill();
  ASSERT_NO_FATAL_FAILURE(life.reopen_and_compare(files, promises, random));
}

}  // namespace tally::tests
