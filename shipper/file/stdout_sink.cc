#include "shipper/file/stdout_sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <memory>
#include <string_view>
#include <utility>

#include "shipper/sink_counters.h"

namespace tally::shipper {
namespace {

/// So much can be written into a pipe without waiting whenever poll() says that something can.
constexpr std::size_t kWriteMost = PIPE_BUF;

/// Whether a write will not wait. (Standard output is not made non-blocking for that: others may
/// have it, too.)
bool has_room(std::chrono::milliseconds timeout) {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, static_cast<int>(timeout.count())) > 0;
}

class StdoutSink final : public Sink {
 public:
  /// What of the events was written before there was no room for more is not written again.
  Result<bool> take(const store::Chunk& events) override {
    if (std::exchange(first_, events.first) != events.first) written_ = 0;
    while (written_ < events.lines.size()) {
      full_ = !has_room(std::chrono::milliseconds{0});
      if (full_) return false;
      const std::string_view part = events.lines.substr(written_, kWriteMost);
      const ssize_t wrote = ::write(STDOUT_FILENO, part.data(), part.size());
      if (wrote < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (wrote < 0) return errno_error(errno, "standard output");
      written_ += static_cast<std::size_t>(wrote);
    }
    next_ = advance(events.first, events.count);
    counters_.delivered(events.count, events.lines.size());
    return true;
  }

  Result<void> flush() override { return ok(); }

  Result<std::optional<store::SinkState>> progress(std::chrono::milliseconds timeout) override {
    if (full_) (void)has_room(timeout);
    if (next_ == Sequence{}) return std::optional<store::SinkState>();
    return std::optional(store::SinkState{next_, ""});
  }

  SinkStats stats() const override { return counters_.stats(); }

 private:
  Sequence first_{};         ///< of the events that were offered last
  std::size_t written_ = 0;  ///< bytes of their lines
  bool full_ = false;
  Sequence next_{};
  SinkCounters counters_;
};

}  // namespace

Result<SinkFactory> stdout_sink_factory(const net::ServiceUrl& url) {
  if (!url.place.empty() || !url.path.empty()) {
    return Error{Errc::invalid, "stdout: takes no place"};
  }
  return SinkFactory([](const SinkContext&) -> Result<std::unique_ptr<Sink>> {
    return std::make_unique<StdoutSink>();
  });
}

}  // namespace tally::shipper
