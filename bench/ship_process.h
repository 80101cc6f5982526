#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "bench/bench_options.h"
#include "bench/corpus_store.h"

namespace tally::bench {

/// How many events the sink of that name has got by now, as its cursor says.
std::uint64_t events_shipped(const std::filesystem::path& directory, const std::string& name);

/// A row with the memory that `tally ship` takes for a sink: its peak when it ships the store to
/// `url`, less that when it ships the same to a file. `url` must have parameters.
void print_memory_of_sink(const BenchOptions& options, const CorpusStore& store,
                          const std::string& what, const std::string& url);

}  // namespace tally::bench
