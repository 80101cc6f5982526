#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tally::bench {

/// What one core cannot be spared for taking events in: CPU-seconds of the calling thread, by part.
/// It is a lower bound made of the same kernel and libraries, without anything that a server adds:
/// no HTTP, no contract, no hash, no index, no second thread.
struct BareKernelLimit {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;         ///< of the lines
  std::uint64_t stored_bytes = 0;  ///< after compression
  std::uint64_t syncs = 0;
  double receive_seconds = 0;   ///< over loopback, in reads as large as they come
  double parse_seconds = 0;     ///< simdjson On-Demand: every field of every event visited
  double compress_seconds = 0;  ///< zstd level 1, the journal's setting
  double store_seconds = 0;     ///< write and fdatasync over zeros written ahead

  double total_seconds() const noexcept {
    return receive_seconds + parse_seconds + compress_seconds + store_seconds;
  }
  double events_per_second() const noexcept {
    return static_cast<double>(events) / total_seconds();
  }
};

struct BareKernelOptions {
  std::filesystem::path directory;        ///< for the file that is written and synced
  std::size_t frame_bytes = 1024 * 1024;  ///< lines per zstd frame
  std::size_t sync_bytes = 256 * 1024;    ///< stored bytes per write and sync
  int sender_core = 0;                    ///< where the sending process runs
};

/// Takes `lines` (whole events, each ended by LF) in, frame by frame, each part after the other on
/// the calling thread.
BareKernelLimit measure_bare_kernel(const std::string& lines, const BareKernelOptions& options);

/// The parts alone, each over all of `lines`: CPU-seconds. `lines` is a string because what it
/// holds behind its end must be readable, which is seen to.
double measure_parse(const std::string& lines, std::size_t frame_bytes);
double measure_compress(std::string_view lines, std::size_t frame_bytes);

/// Prints a row per part and one for the whole, in nanoseconds per event.
void print_limit(const BareKernelLimit& limit);

}  // namespace tally::bench
