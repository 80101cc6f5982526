#include "shipper/file/file_sink.h"

#include <spdlog/spdlog.h>
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "shipper/backoff.h"
#include "shipper/sink_counters.h"

namespace tally::shipper {
namespace {

constexpr std::uint64_t kSyncBytes = 8 * 1024 * 1024;
constexpr int kLevel = 3;

/// How long a full disk is left alone before the next attempt, which costs next to nothing.
constexpr std::chrono::milliseconds kRetryFirst{500};
constexpr std::chrono::milliseconds kRetryMost{10'000};

struct FileSinkOptions {
  store::Path path;
  std::uint64_t rotate_bytes = 0;
  std::uint64_t keep = 0;
  bool compress = false;
};

/// What is kept with the cursor: how long the file is, and which number it gets when it is rotated.
struct FilePlace {
  std::uint64_t bytes = 0;
  std::uint64_t number = 1;
};

std::string note_of(const FilePlace& place) {
  return std::to_string(place.bytes) + " " + std::to_string(place.number);
}

std::optional<FilePlace> place_of(const std::string& note) {
  FilePlace place;
  const char* const end = note.data() + note.size();
  const auto [space, error] = std::from_chars(note.data(), end, place.bytes);
  if (error != std::errc{} || space == end || *space != ' ') return std::nullopt;
  const auto [last, wrong] = std::from_chars(space + 1, end, place.number);
  if (wrong != std::errc{} || last != end) return std::nullopt;
  return place;
}

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

class FileSink final : public Sink {
 public:
  FileSink(const SinkContext& context, const FileSinkOptions& options)
      : context_(context), files_(context.files), options_(options) {}

  Result<store::SinkState> begin(store::SinkState from) override;
  Result<bool> take(const store::Chunk& events) override;
  Result<void> flush() override;
  Result<std::optional<store::SinkState>> progress(std::chrono::milliseconds timeout) override;
  SinkStats stats() const override { return counters_.stats(); }

 private:
  using SteadyClock = std::chrono::steady_clock;

  store::Path rotated(std::uint64_t number) const {
    return options_.path.string() + "." + std::to_string(number);
  }
  store::Path directory() const {
    return options_.path.has_parent_path() ? options_.path.parent_path() : store::Path(".");
  }

  bool is_full() const noexcept {
    return options_.rotate_bytes > 0 && place_.bytes >= options_.rotate_bytes;
  }

  Result<void> undo_rotations();
  Result<void> pass_over_rotated();
  Result<void> open();
  Result<void> rotate();
  std::string_view encoded(std::string_view lines);
  Result<void> wait_for_room(const Error& error);
  void note_room();

  const SinkContext context_;
  store::FileSystem* files_;
  FileSinkOptions options_;
  std::unique_ptr<store::File> file_;
  std::unique_ptr<ZSTD_CCtx, FreeContext> zstd_{ZSTD_createCCtx()};
  std::string frame_;
  FilePlace place_;
  Sequence next_{};
  std::uint64_t unsynced_ = 0;
  std::optional<store::SinkState> synced_;  ///< and not told of yet
  bool full_ = false;                       ///< the disk was, at the last attempt
  SteadyClock::time_point try_again_;       ///< when, if it was full
  Backoff backoff_{kRetryFirst, kRetryMost, std::random_device{}()};
  SinkCounters counters_;
};

Result<store::SinkState> FileSink::begin(store::SinkState from) {
  TALLY_TRY(files_->create_directories(directory()));
  const auto place = place_of(from.note);
  if (place) {
    place_ = *place;
    TALLY_TRY(undo_rotations());
  } else {
    TALLY_TRY(pass_over_rotated());
  }
  TALLY_TRY(open());
  TALLY_TRY(const std::uint64_t size, file_->size());
  if (place && size > place_.bytes) {
    TALLY_TRY(file_->truncate(place_.bytes));
  } else {
    if (place && size < place_.bytes) {
      spdlog::warn(options_.path.string() + " is shorter than it was left: it goes on at its end");
    }
    place_.bytes = size;
  }
  return store::SinkState{from.next, note_of(place_)};
}

/// What was rotated after the cursor was saved comes back under its name, to be cut off there: all
/// that follows is written again.
Result<void> FileSink::undo_rotations() {
  TALLY_TRY(const bool rotated_since, files_->exists(rotated(place_.number)));
  if (!rotated_since) return ok();
  for (std::uint64_t number = place_.number + 1;; ++number) {
    const auto removed = files_->remove(rotated(number));
    if (!removed && removed.error().code == Errc::not_found) break;
    TALLY_TRY(removed);
  }
  TALLY_TRY(files_->rename(rotated(place_.number), options_.path));
  return files_->sync_directory(directory());
}

/// What another sink rotated stays.
Result<void> FileSink::pass_over_rotated() {
  while (true) {
    TALLY_TRY(const bool there, files_->exists(rotated(place_.number)));
    if (!there) return ok();
    ++place_.number;
  }
}

Result<void> FileSink::open() {
  TALLY_TRY(file_, files_->open(options_.path, store::OpenMode::open_or_create));
  return files_->sync_directory(directory());
}

std::string_view FileSink::encoded(std::string_view lines) {
  if (!options_.compress) return lines;
  frame_.resize(ZSTD_compressBound(lines.size()));
  const std::size_t size = ZSTD_compressCCtx(zstd_.get(), frame_.data(), frame_.size(),
                                             lines.data(), lines.size(), kLevel);
  return std::string_view(frame_).substr(0, size);
}

Result<bool> FileSink::take(const store::Chunk& events) {
  if (full_ && SteadyClock::now() < try_again_) return false;
  const std::string_view bytes = encoded(events.lines);
  const auto wrote = file_->write_at(place_.bytes, {&bytes, 1});
  if (!wrote && wrote.error().code == Errc::no_space) {
    TALLY_TRY(wait_for_room(wrote.error()));
    return false;
  }
  TALLY_TRY(wrote);
  note_room();
  place_.bytes += bytes.size();
  unsynced_ += bytes.size();
  next_ = advance(events.first, events.count);
  counters_.delivered(events.count, events.lines.size());
  if (unsynced_ >= kSyncBytes || is_full()) {
    TALLY_TRY(flush());
  }
  return true;
}

/// What is in the file already counts. The part of the lines that there was room for stays, and is
/// written over with the same bytes: who follows the file sees it grow and never shrink.
Result<void> FileSink::wait_for_room(const Error& error) {
  if (!std::exchange(full_, true)) {
    spdlog::warn("sink " + context_.name +
                 ": trying again for as long as it takes: " + error.context);
  }
  counters_.retrying(error.context);
  try_again_ = SteadyClock::now() + backoff_.next();
  return flush();
}

void FileSink::note_room() {
  if (!std::exchange(full_, false)) return;
  spdlog::info("sink " + context_.name + ": goes on");
  counters_.healed();
  backoff_.reset();
}

Result<void> FileSink::flush() {
  if (unsynced_ == 0) return ok();
  TALLY_TRY(file_->sync_data());
  unsynced_ = 0;
  if (is_full()) {
    TALLY_TRY(rotate());
  }
  synced_ = store::SinkState{next_, note_of(place_)};
  return ok();
}

Result<void> FileSink::rotate() {
  TALLY_TRY(files_->rename(options_.path, rotated(place_.number)));
  TALLY_TRY(open());
  if (options_.keep > 0 && place_.number > options_.keep) {
    const auto removed = files_->remove(rotated(place_.number - options_.keep));
    if (!removed && removed.error().code != Errc::not_found) return removed.error();
  }
  place_ = {0, place_.number + 1};
  return ok();
}

Result<std::optional<store::SinkState>> FileSink::progress(std::chrono::milliseconds timeout) {
  if (full_ && !synced_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(try_again_ - SteadyClock::now());
    pause_for(context_.stop, std::min(timeout, left));
  }
  return std::exchange(synced_, std::nullopt);
}

}  // namespace

Result<SinkFactory> file_sink_factory(const net::ServiceUrl& url, net::UrlParameters& parameters) {
  FileSinkOptions options;
  if (!url.place.empty() || url.path.size() < 2) {
    return Error{Errc::invalid, "write file:///PATH, with three slashes"};
  }
  options.path = url.path;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  TALLY_TRY(options.rotate_bytes, parameters.take_number("rotate", 0, 0, kMost));
  TALLY_TRY(options.keep, parameters.take_number("keep", 0, 0, kMost));
  TALLY_TRY(const std::size_t packing, parameters.take_choice("compress", {"none", "zstd"}));
  options.compress = packing == 1;
  return SinkFactory([options](const SinkContext& context) -> Result<std::unique_ptr<Sink>> {
    return std::make_unique<FileSink>(context, options);
  });
}

}  // namespace tally::shipper
