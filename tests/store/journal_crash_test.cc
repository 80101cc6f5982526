#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <random>

#include "store/journal.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/store_harness.h"

// Goal: whatever single operation fails, is cut, or is followed by a power cut, an acknowledged
// event is present once, in order, byte for byte; an unanswered group is present whole or absent;
// nothing else is there. Method: one scripted life of a journal (commits, rotations, spares, a
// clean reopening) is run once for every operation it asks of the file system and every way to
// fail; what was answered is kept in a plain list, and compared with what is found after reopening.

namespace tally::tests {
namespace {

using store::Batch;
using store::Journal;
using store::StoreOptions;

const store::Path kDirectory = "/store";

StoreOptions small_options() {
  StoreOptions options;
  options.directory = kDirectory;
  options.file_bytes = 16 * 1024;
  options.file_events_max = 12;
  return options;
}

/// A group of batches as a client sent it, in plain form.
struct Group {
  std::vector<std::string> lines;
  std::vector<std::string> refused;
  std::map<std::string, std::string> checkpoints;
  std::vector<Batch> batches;
};

Group make_group(std::mt19937_64& random, std::uint64_t& number, const Clock& clock) {
  Group group;
  const std::size_t batches = 1 + random() % 3;
  for (std::size_t i = 0; i < batches; ++i) {
    std::vector<std::string> lines;
    for (std::size_t n = random() % 5; n > 0; --n) {
      lines.push_back(event_line(number++) + std::string(random() % 7 * 300, ' '));
    }
    Batch batch = make_batch(lines, clock.now());
    if (random() % 3 == 0 || lines.empty()) {
      const std::string state = "offset " + std::to_string(number++);
      const std::string source = "file " + std::to_string(random() % 2);
      batch.checkpoints.push_back({source, state});
      group.checkpoints[source] = state;
    }
    if (random() % 4 == 0) {
      store::RefusedEvent refused;
      refused.reason = "line 1: not JSON";
      refused.bytes = "refused " + std::to_string(number++);
      refused.length = refused.bytes.size();
      group.refused.push_back(refused.bytes);
      batch.refused.push_back(refused);
    }
    group.lines.insert(group.lines.end(), lines.begin(), lines.end());
    group.batches.push_back(std::move(batch));
  }
  return group;
}

/// The plain list: what was promised, and the one group that nobody was told of.
struct Promises {
  std::vector<std::string> lines;
  std::vector<std::string> refused;
  std::map<std::string, std::string> checkpoints;
  std::optional<Group> unanswered;

  void keep(const Group& group) {
    lines.insert(lines.end(), group.lines.begin(), group.lines.end());
    refused.insert(refused.end(), group.refused.begin(), group.refused.end());
    for (const auto& [source, state] : group.checkpoints) checkpoints[source] = state;
    unanswered.reset();  // What came before it is cut off, or counted: see commit().
  }
};

/// Commits and notes the answer. A group whose outcome is unknown can only be the last one: the
/// next success starts a file that cuts it off.
bool commit(Journal& journal, Group group, Promises& promises) {
  std::vector<const Batch*> batches;
  for (const Batch& batch : group.batches) batches.push_back(&batch);
  const auto result = journal.commit(batches);
  if (result) {
    EXPECT_EQ(to_number(result.value().first), promises.lines.size() + 1);
    EXPECT_EQ(result.value().count, group.lines.size());
    promises.keep(group);
  } else if (result.error().code == Errc::indeterminate) {
    promises.unanswered = std::move(group);
  }
  return result.has_value();
}

constexpr int kOpenings = 2;
constexpr int kCommits = 9;
constexpr std::uint64_t kRotationsMin = 2;  // In each opening.

/// What a life came to.
struct Life {
  int commits = 0;                       ///< that succeeded
  std::vector<std::uint64_t> rotations;  ///< in each opening, beyond the file it began with
};

/// The life that the faults hit. Ends early where the journal cannot even be opened.
Life live(FaultFileSystem& files, std::uint64_t seed, Promises& promises) {
  std::mt19937_64 random(seed);
  ManualClock clock;
  std::uint64_t number = 1;
  Life life;
  for (int opening = 0; opening < kOpenings; ++opening) {
    auto journal = Journal::open(files, clock, small_options());
    if (!journal) return life;
    const std::uint64_t first_file = journal.value()->file_number();
    for (int i = 0; i < kCommits; ++i) {
      clock.time += std::chrono::seconds{1};
      life.commits += commit(*journal.value(), make_group(random, number, clock), promises);
      if (i % 3 == 2) (void)journal.value()->prepare_spare();
    }
    life.rotations.push_back(journal.value()->file_number() - first_file);
  }
  return life;
}

std::vector<std::string> refused_bytes(const StoreContents& contents) {
  std::vector<std::string> bytes;
  for (const store::RefusedEvent& event : contents.refused) bytes.push_back(event.bytes);
  return bytes;
}

/// Holds what is found against what was promised; the unanswered group joins the promises if it is
/// there, so that the life can go on.
void compare(FaultFileSystem& files, const Journal& journal, Promises& promises) {
  const auto contents = read_store(files, kDirectory);
  ASSERT_TRUE(contents) << to_string(contents.error());
  const StoreContents& found = contents.value();
  ASSERT_TRUE(found.corrupt.empty()) << found.corrupt[0].path << " at " << found.corrupt[0].offset;
  const auto refused = refused_bytes(found);
  const auto& checkpoints = journal.state().checkpoints;
  if (promises.unanswered) {
    Promises with = promises;
    with.keep(*promises.unanswered);
    if (found.lines == with.lines && refused == with.refused && checkpoints == with.checkpoints) {
      promises = with;
      return;
    }
  }
  ASSERT_EQ(found.lines, promises.lines);
  ASSERT_EQ(refused, promises.refused);
  ASSERT_EQ(checkpoints, promises.checkpoints);
  ASSERT_EQ(to_number(journal.state().next), promises.lines.size() + 1);
  promises.unanswered.reset();
}

/// Opens what the crash left, compares, goes on, and compares again after a second crash.
void reopen_and_compare(FaultFileSystem& files, Promises promises, std::mt19937_64& random) {
  ManualClock clock;
  clock.time += std::chrono::hours{1};
  std::uint64_t number = 1'000'000;
  {
    auto journal = Journal::open(files, clock, small_options());
    ASSERT_TRUE(journal) << to_string(journal.error());
    ASSERT_TRUE(journal.value()->recovery().corrupt.empty());
    ASSERT_NO_FATAL_FAILURE(compare(files, *journal.value(), promises));
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(commit(*journal.value(), make_group(random, number, clock), promises));
    }
  }
  files.crash(random);
  auto journal = Journal::open(files, clock, small_options());
  ASSERT_TRUE(journal) << to_string(journal.error());
  ASSERT_NO_FATAL_FAILURE(compare(files, *journal.value(), promises));
}

struct Way {
  std::string_view name;
  FaultKind kind;
  bool lasting;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

constexpr Way kWays[] = {{"crash", FaultKind::crash, false},
                         {"half of a write", FaultKind::half_write, false},
                         {"EIO once", FaultKind::io, false},
                         {"EIO from here on", FaultKind::io, true},
                         {"disk full from here on", FaultKind::no_space, true}};

class JournalCrash : public testing::TestWithParam<Way> {
 protected:
  // Thousands of failures on purpose: their log lines would hide the one that matters.
  void SetUp() override { spdlog::set_level(spdlog::level::off); }
};

TEST_P(JournalCrash, KeepsEveryPromiseWhicheverOperationFails) {
  const std::uint64_t seed = 20260123;
  std::uint64_t operations = 0;
  {
    FaultFileSystem files;
    Promises promises;
    const Life life = live(files, seed, promises);
    operations = files.operations();
    ASSERT_EQ(life.commits, kOpenings * kCommits);
    for (const std::uint64_t rotations : life.rotations) ASSERT_GE(rotations, kRotationsMin);
  }
  ASSERT_GT(operations, 100U);
  for (std::uint64_t at = 1; at <= operations + 1; ++at) {
    FaultFileSystem files;
    files.set_fault(Fault{.kind = GetParam().kind, .at = at, .lasting = GetParam().lasting});
    Promises promises;
    live(files, seed, promises);
    const auto trace = files.trace();
    const std::string hit = at <= trace.size() ? to_string(trace[at - 1]) : "nothing";
    for (std::uint64_t crash = 0; crash < 4; ++crash) {
      SCOPED_TRACE(testing::Message() << "operation " << at << " (" << hit << "), seed " << seed
                                      << ", crash " << crash);
      std::mt19937_64 random(seed + at * 16 + crash);
      const auto after = files.after_crash(random);
      ASSERT_NO_FATAL_FAILURE(reopen_and_compare(*after, promises, random));
    }
    SCOPED_TRACE(testing::Message() << "operation " << at << " (" << hit << "), killed");
    std::mt19937_64 random(seed + at);
    files.kill();
    ASSERT_NO_FATAL_FAILURE(reopen_and_compare(files, promises, random));
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, JournalCrash, testing::ValuesIn(kWays), [](const auto& way) {
  std::string name(way.param.name);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
});

}  // namespace
}  // namespace tally::tests
