#include "tests/support/promised_events.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/support/store_harness.h"

namespace tally::tests {
namespace {

std::vector<std::string> refused_bytes(const StoreContents& contents) {
  std::vector<std::string> bytes;
  for (const store::RefusedEvent& event : contents.refused) bytes.push_back(event.bytes);
  return bytes;
}

}  // namespace

Group make_group(std::mt19937_64& random, std::uint64_t& number, const Clock& clock) {
  Group group;
  const std::size_t batches = 1 + random() % 3;
  for (std::size_t i = 0; i < batches; ++i) {
    std::vector<std::string> lines;
    for (std::size_t n = random() % 5; n > 0; --n) {
      lines.push_back(timed_event_line(number++, clock.now()) +
                      std::string(random() % 7 * 300, ' '));
    }
    store::Batch batch = make_batch(lines, clock.now());
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

void Promises::keep(const Group& group) {
  lines.insert(lines.end(), group.lines.begin(), group.lines.end());
  refused.insert(refused.end(), group.refused.begin(), group.refused.end());
  for (const auto& [source, state] : group.checkpoints) checkpoints[source] = state;
  unanswered.reset();  // What came before it is cut off, or counted: see commit().
}

std::vector<std::string> Promises::lines_left() const {
  return {lines.begin() + static_cast<std::ptrdiff_t>(distance(kFirstSequence, first)),
          lines.end()};
}

bool commit(store::Journal& journal, Group group, Promises& promises) {
  std::vector<const store::Batch*> batches;
  for (const store::Batch& batch : group.batches) batches.push_back(&batch);
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

void compare(store::FileSystem& files, const store::Path& directory, const store::Journal& journal,
             Promises& promises) {
  const auto contents = read_store(files, directory, promises.first);
  ASSERT_TRUE(contents) << to_string(contents.error());
  const StoreContents& found = contents.value();
  ASSERT_TRUE(found.corrupt.empty()) << found.corrupt[0].path << " at " << found.corrupt[0].offset;
  const auto refused = refused_bytes(found);
  const auto& checkpoints = journal.state().checkpoints;
  if (promises.unanswered) {
    Promises with = promises;
    with.keep(*promises.unanswered);
    if (found.lines == with.lines_left() && refused == with.refused &&
        checkpoints == with.checkpoints) {
      promises = with;
      return;
    }
  }
  ASSERT_EQ(found.lines, promises.lines_left());
  ASSERT_EQ(refused, promises.refused);
  ASSERT_EQ(checkpoints, promises.checkpoints);
  ASSERT_EQ(to_number(journal.state().next), promises.lines.size() + 1);
  promises.unanswered.reset();
}

}  // namespace tally::tests
