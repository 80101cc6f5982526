#include "store/journal/frame_encoder.h"

#include <zstd.h>

#include "bench/bare_kernel_limit.h"
#include "bench/micro_bench.h"
#include "bench/require.h"

namespace tally::bench {
namespace {

constexpr std::uint64_t kEvents = 100'000;

void check(store::FrameEncoder& encoder, const std::vector<CorpusFrame>& frames) {
  for (const CorpusFrame& frame : frames) {
    const store::DataFrame encoded = encoder.encode(frame.lines, frame.events);
    std::string decoded(frame.lines.size(), '\0');
    const std::size_t size = ZSTD_decompress(decoded.data(), decoded.size(), encoded.stored.data(),
                                             encoded.stored.size());
    require(size == frame.lines.size() && decoded == frame.lines,
            "a frame does not decode to its lines");
  }
}

void BM_EncodeFrame(benchmark::State& state) {
  const auto frame_bytes = static_cast<std::size_t>(state.range(0));
  const std::vector<CorpusFrame> frames = corpus_frames(kEvents, frame_bytes);
  const double limit =
      static_cast<double>(kEvents) / measure_compress(joined_lines(frames), frame_bytes);
  store::FrameEncoder encoder;
  check(encoder, frames);

  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint64_t stored_bytes = 0;
  for (auto _ : state) {
    for (const CorpusFrame& frame : frames) {
      const store::DataFrame encoded = encoder.encode(frame.lines, frame.events);
      events += encoded.count;
      bytes += encoded.lines_bytes;
      stored_bytes += encoded.stored.size();
    }
  }
  state.counters["stored_bytes_per_event"] =
      static_cast<double>(stored_bytes) / static_cast<double>(events);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  report_against(state, events, limit,
                 "encode frames of " + std::to_string(frame_bytes / 1024) + " KiB / compress");
}
BENCHMARK(BM_EncodeFrame)
    ->ArgName("frame_bytes")
    ->Arg(8 * 1024)
    ->Arg(1024 * 1024)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tally::bench

int main(int argc, char** argv) { return tally::bench::run_micro_benchmarks(argc, argv); }
