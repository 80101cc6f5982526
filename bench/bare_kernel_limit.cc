#include "bench/bare_kernel_limit.h"

#include <fmt/format.h>
#include <zstd.h>

#include <memory>

#include "bench/corpus_frames.h"
#include "bench/cpu.h"
#include "bench/json_walk.h"
#include "bench/loopback_feed.h"
#include "bench/require.h"
#include "bench/row.h"
#include "bench/zero_file.h"

namespace tally::bench {
namespace {

constexpr int kZstdLevel = 1;

// Files are prepared ahead in the journal's size, outside of the measurement.
constexpr std::uint64_t kZerosAhead = 64 * 1024 * 1024;

class Compressor {
 public:
  explicit Compressor(std::size_t frame_bytes)
      : context_(ZSTD_createCCtx(), &ZSTD_freeCCtx), frame_(ZSTD_compressBound(frame_bytes), 0) {}

  std::string_view compress(std::string_view lines) {
    if (frame_.size() < ZSTD_compressBound(lines.size())) {
      frame_.resize(ZSTD_compressBound(lines.size()));
    }
    const std::size_t size = ZSTD_compressCCtx(context_.get(), frame_.data(), frame_.size(),
                                               lines.data(), lines.size(), kZstdLevel);
    require(ZSTD_isError(size) == 0, "zstd");
    return {frame_.data(), size};
  }

 private:
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_;
  std::string frame_;
};

// Calls `part` and adds the CPU-seconds that it took to `seconds`.
template <class Part>
void timed(double& seconds, Part&& part) {
  const double before = thread_cpu_seconds();
  part();
  seconds += thread_cpu_seconds() - before;
}

// Writes what has gathered to the current file; changes to a new one, unmeasured, when it is full.
class Sink {
 public:
  Sink(const BareKernelOptions& options, BareKernelLimit& limit)
      : options_(options), limit_(limit) {}

  void add(std::string_view frame) {
    waiting_.append(frame);
    if (waiting_.size() >= options_.sync_bytes) flush();
  }

  void flush() {
    if (waiting_.empty()) return;
    if (file_ == nullptr || written_ + waiting_.size() > kZerosAhead) {
      file_.reset();
      file_ = std::make_unique<ZeroFile>(options_.directory, kZerosAhead);
      written_ = 0;
    }
    timed(limit_.store_seconds, [&] { file_->append_and_sync(waiting_); });
    written_ += waiting_.size();
    limit_.stored_bytes += waiting_.size();
    limit_.syncs += 1;
    waiting_.clear();
  }

 private:
  const BareKernelOptions& options_;
  BareKernelLimit& limit_;
  std::unique_ptr<ZeroFile> file_;
  std::uint64_t written_ = 0;
  std::string waiting_;
};

}  // namespace

BareKernelLimit measure_bare_kernel(const std::string& lines, const BareKernelOptions& options) {
  BareKernelLimit limit;
  limit.bytes = lines.size();
  LoopbackFeed feed(lines, options.sender_core);
  Sink sink(options, limit);
  JsonWalk walk;
  Compressor compressor(options.frame_bytes);
  std::string body;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t size = frame_end(lines, begin, options.frame_bytes) - begin;
    if (body.size() < size + kFramePadding) body.resize(size + kFramePadding);
    timed(limit.receive_seconds, [&] { feed.receive(body.data(), size); });
    timed(limit.parse_seconds, [&] { limit.events += walk.count(body.data(), size); });
    std::string_view frame;
    timed(limit.compress_seconds, [&] { frame = compressor.compress({body.data(), size}); });
    sink.add(frame);
    begin += size;
  }
  sink.flush();
  return limit;
}

double measure_parse(const std::string& lines, std::size_t frame_bytes) {
  std::string padded = lines;
  padded.append(kFramePadding, '\0');
  JsonWalk walk;
  double seconds = 0;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = frame_end(lines, begin, frame_bytes);
    timed(seconds, [&] { walk.count(padded.data() + begin, end - begin); });
    begin = end;
  }
  return seconds;
}

double measure_compress(std::string_view lines, std::size_t frame_bytes) {
  Compressor compressor(frame_bytes);
  double seconds = 0;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = frame_end(lines, begin, frame_bytes);
    timed(seconds, [&] { compressor.compress(lines.substr(begin, end - begin)); });
    begin = end;
  }
  return seconds;
}

void print_limit(const BareKernelLimit& limit) {
  const auto part = [&](const char* name, double seconds) {
    print_figure(fmt::format("limit: {}", name),
                 fmt::format("{:.0f} ns/event", seconds * 1e9 / static_cast<double>(limit.events)));
  };
  part("receive", limit.receive_seconds);
  part("parse and walk", limit.parse_seconds);
  part("compress", limit.compress_seconds);
  part("write and sync", limit.store_seconds);
  print_figure("limit: all of it",
               fmt::format("{} in {} syncs", with_unit(limit.events_per_second(), "events/CPU-s"),
                           limit.syncs));
}

}  // namespace tally::bench
