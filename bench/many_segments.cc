#include "bench/many_segments.h"

#include <utility>
#include <vector>

#include "bench/corpus_segments.h"
#include "bench/require.h"
#include "store/journal/journal_file.h"
#include "store/manifest/manifest_writer.h"
#include "store/paths.h"

namespace tally::bench {
namespace {

constexpr std::uint64_t kEventsPerSegment = 100;

/// An event of the corpus in which the container has another name.
std::string rename_container(std::string line) {
  constexpr std::string_view kKey = R"("container": ")";
  const std::size_t at = line.find(kKey) + kKey.size();
  return line.replace(at, line.find('"', at) - at, kLoneContainer);
}

/// A line that names a container.
std::string lone_line() {
  CorpusGenerator corpus({});
  std::string line;
  while (line.find(R"("container": ")") == std::string::npos) {
    line.clear();
    corpus.append_line(line);
  }
  line.pop_back();
  return rename_container(line);
}

}  // namespace

ManySegments make_many_segments(store::FileSystem& files, const store::Path& directory,
                                std::uint64_t segments) {
  const store::StorePaths paths(directory);
  for (const store::Path& path : {paths.journal(), paths.segments()}) {
    require(files.create_directories(path).has_value(), "make the store's directories");
  }
  ManySegments made{segments, 0, lone_line()};
  store::Manifest manifest;
  manifest.store = store::StoreId::random();
  CorpusCommits corpus(1024 * 1024);
  for (std::uint64_t number = 1; number <= segments; ++number) {
    std::vector<CorpusCommit> commits = corpus.next(kEventsPerSegment);
    if (number == segments / 2) commits.push_back(corpus.commit(made.lone_line + '\n'));
    manifest.segments.push_back(
        seal_commits(files, paths.segment_file(number), commits, *manifest.store, number));
  }
  made.events = distance(kFirstSequence, corpus.next_sequence());
  require(files.sync_directory(paths.segments()).has_value(), "sync the segments' names");
  require(store::JournalFile::create(files, paths,
                                     {.store = *manifest.store,
                                      .number = segments + 1,
                                      .first = corpus.next_sequence(),
                                      .previous_core = corpus.last_core(),
                                      .salt = 1,
                                      .created = corpus.last_received(),
                                      .last_received = corpus.last_received(),
                                      .checkpoints = {}},
                                     false),
          "make the journal file");
  require(store::ManifestWriter::open(files, paths, {std::move(manifest), false, 0}),
          "write MANIFEST");
  return made;
}

}  // namespace tally::bench
