#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "bench/corpus_frames.h"
#include "store/batch.h"
#include "store/disk/file_system.h"
#include "store/store.h"

namespace tally::bench {

/// The frames as a collector would hand them to its store, a batch each, received now.
std::vector<store::Batch> encode_batches(const std::vector<CorpusFrame>& frames);

/// A store in `directory` that is to be written to; ends the program if that cannot be.
std::unique_ptr<store::Store> open_store(store::FileSystem& files, const store::Path& directory,
                                         std::size_t file_bytes);

/// Returns once all are durable.
void commit(store::Store& store, std::vector<store::Batch> batches);

/// A store of corpus events.
struct CorpusStore {
  std::filesystem::path directory;
  std::uint64_t events = 0;
};

/// Makes it, with events that were posted in batches of a mebibyte, all of them in its journal or a
/// part of them sealed, as it happens.
CorpusStore make_corpus_store(const std::filesystem::path& directory, std::uint64_t events);

}  // namespace tally::bench
