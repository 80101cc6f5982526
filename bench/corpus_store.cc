#include "bench/corpus_store.h"

#include <condition_variable>
#include <mutex>

#include "bench/require.h"
#include "model/clock.h"
#include "store/disk/posix_file_system.h"
#include "store/journal/frame_encoder.h"

namespace tally::bench {
namespace {

constexpr std::size_t kMebibyte = 1024 * 1024;

// Counts batches down to none outstanding.
class Outstanding {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void remove() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_one();
  }
  void wait_for_none() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;  // guarded by mutex_
};

}  // namespace

std::vector<store::Batch> encode_batches(const std::vector<CorpusFrame>& frames) {
  store::FrameEncoder encoder;
  std::vector<store::Batch> batches;
  for (const CorpusFrame& frame : frames) {
    store::Batch batch;
    batch.frames.push_back(encoder.encode(frame.lines, frame.events));
    batch.runs.push_back({.count = frame.events,
                          .received = SystemClock().now(),
                          .source = "127.0.0.1",
                          .client = ""});
    batches.push_back(std::move(batch));
  }
  return batches;
}

std::unique_ptr<store::Store> open_store(store::FileSystem& files, const store::Path& directory,
                                         std::size_t file_bytes) {
  static const SystemClock clock;
  store::StoreOptions options;
  options.directory = directory;
  options.file_bytes = file_bytes;
  return require(store::Store::open(files, clock, options), "open a store");
}

void commit(store::Store& store, std::vector<store::Batch> batches) {
  Outstanding outstanding;
  for (store::Batch& batch : batches) {
    outstanding.add();
    store.submit(std::move(batch), [&outstanding](const store::CommitResult& result) {
      require(result.has_value(), "a commit failed");
      outstanding.remove();
    });
  }
  outstanding.wait_for_none();
}

CorpusStore make_corpus_store(const std::filesystem::path& directory, std::uint64_t events) {
  store::PosixFileSystem files;
  const auto store = open_store(files, directory, 64 * kMebibyte);
  for (store::Batch& batch : encode_batches(corpus_frames(events, kMebibyte))) {
    commit(*store, {std::move(batch)});
  }
  return {directory, events};
}

}  // namespace tally::bench
