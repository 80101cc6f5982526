#include "shipper/file/stdout_sink.h"

#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>

#include "shipper/sink_counters.h"

namespace tally::shipper {
namespace {

class StdoutSink final : public Sink {
 public:
  Result<bool> take(const store::Chunk& events) override {
    std::string_view rest = events.lines;
    while (!rest.empty()) {
      const ssize_t wrote = ::write(STDOUT_FILENO, rest.data(), rest.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return errno_error(errno, "standard output");
      rest.remove_prefix(static_cast<std::size_t>(wrote));
    }
    next_ = advance(events.first, events.count);
    counters_.delivered(events.count, events.lines.size());
    return true;
  }

  Result<void> flush() override { return ok(); }

  Result<std::optional<store::SinkState>> progress(std::chrono::milliseconds) override {
    if (next_ == Sequence{}) return std::optional<store::SinkState>();
    return std::optional(store::SinkState{next_, ""});
  }

  SinkStats stats() const override { return counters_.stats(); }

 private:
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
