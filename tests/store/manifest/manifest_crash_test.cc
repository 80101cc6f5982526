#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string_view>
#include <vector>

#include "store/manifest/manifest_writer.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sample_segments.h"

// Goal: whatever single operation on the file system fails, is cut, or is followed by a power cut,
// the manifest says what every change that succeeded made of it; a change that failed since is in
// it whole or not at all. Method: one scripted life is run once for every operation and every way
// to fail; what succeeded is kept in a plain list.

namespace tally::tests {
namespace {

using store::FoundManifest;
using store::Manifest;
using store::ManifestWriter;

const store::StorePaths kPaths("/store");

using Change = std::function<void(Manifest&)>;

/// What the manifest may say: what succeeded, and each single change that has failed since.
struct Promises {
  Manifest kept;
  std::vector<Manifest> possible;

  void note(const Change& change, bool succeeded) {
    Manifest changed = kept;
    change(changed);
    if (succeeded) {
      kept = changed;
      possible.clear();
    } else {
      possible.push_back(changed);
    }
  }
};

Result<ManifestWriter> open(FaultFileSystem& files) {
  TALLY_TRY(FoundManifest found, store::settle_manifest(files, kPaths));
  found.manifest.store = sample_manifest(0).store;
  return ManifestWriter::open(files, kPaths, std::move(found));
}

void add(ManifestWriter& writer, std::uint64_t number, Promises& promises) {
  const bool added = writer.add(sample_segment(number)).has_value();
  promises.note([=](Manifest& manifest) { manifest.segments.push_back(sample_segment(number)); },
                added);
}

void remove(ManifestWriter& writer, std::uint64_t through, Promises& promises) {
  const store::RemovedFiles removed{through, sample_segment(through + 1).first};
  const bool done = writer.remove(removed).has_value();
  promises.note(
      [=](Manifest& manifest) {
        manifest.removed = removed;
        std::erase_if(manifest.segments,
                      [&](const auto& segment) { return segment.number <= through; });
      },
      done);
}

bool allowed(const Manifest& found, const Promises& promises) {
  return found == promises.kept ||
         std::ranges::find(promises.possible, found) != promises.possible.end();
}

void live(FaultFileSystem& files, Promises& promises) {
  promises.kept.store = sample_manifest(0).store;
  std::uint64_t number = 1;
  for (int opening = 0; opening < 2; ++opening) {
    auto writer = open(files);
    if (!writer) return;
    ASSERT_TRUE(allowed(writer.value().manifest(), promises));
    promises = {writer.value().manifest(), {}};  // What is read has been decided.
    for (int i = 0; i < 4; ++i) {
      add(writer.value(), number++, promises);
      if (i % 2 == 1) remove(writer.value(), number - 2, promises);
    }
  }
}

void reopen_and_compare(FaultFileSystem& files, Promises promises, std::mt19937_64& random) {
  {
    auto writer = open(files);
    ASSERT_TRUE(writer) << to_string(writer.error());
    ASSERT_TRUE(allowed(writer.value().manifest(), promises));
    promises = {writer.value().manifest(), {}};
    add(writer.value(), 1000, promises);
    ASSERT_TRUE(promises.possible.empty());
  }
  files.crash(random);
  const auto found = store::read_manifest(files, kPaths);
  ASSERT_TRUE(found);
  ASSERT_EQ(found.value().manifest, promises.kept);
}

class ManifestCrash : public testing::TestWithParam<Fault> {};

TEST_P(ManifestCrash, KeepsEveryChangeWhicheverOperationFails) {
  const std::uint64_t seed = 20260124;
  std::uint64_t operations = 0;
  {
    FaultFileSystem files;
    ASSERT_TRUE(files.create_directories(kPaths.directory));
    Promises promises;
    live(files, promises);
    operations = files.operations();
    ASSERT_EQ(promises.kept.segments.size(), 1U);
    ASSERT_TRUE(promises.possible.empty());
  }
  ASSERT_GT(operations, 30U);
  for (std::uint64_t at = 1; at <= operations + 1; ++at) {
    FaultFileSystem files;
    ASSERT_TRUE(files.create_directories(kPaths.directory));
    files.set_fault(Fault{.kind = GetParam().kind, .at = at, .lasting = GetParam().lasting});
    Promises promises;
    live(files, promises);
    for (std::uint64_t crash = 0; crash < 8; ++crash) {
      SCOPED_TRACE(testing::Message()
                   << "operation " << at << ", seed " << seed << ", crash " << crash);
      std::mt19937_64 random(seed + at * 16 + crash);
      const auto after = files.after_crash(random);
      ASSERT_NO_FATAL_FAILURE(reopen_and_compare(*after, promises, random));
    }
    SCOPED_TRACE(testing::Message() << "operation " << at << ", killed");
    std::mt19937_64 random(seed + at);
    files.kill();
    ASSERT_NO_FATAL_FAILURE(reopen_and_compare(files, promises, random));
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, ManifestCrash,
                         testing::Values(Fault{.kind = FaultKind::crash},
                                         Fault{.kind = FaultKind::half_write},
                                         Fault{.kind = FaultKind::io},
                                         Fault{.kind = FaultKind::io, .lasting = true},
                                         Fault{.kind = FaultKind::no_space, .lasting = true}));

}  // namespace
}  // namespace tally::tests
