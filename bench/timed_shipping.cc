#include "bench/timed_shipping.h"

#include <unistd.h>

#include <memory>
#include <utility>

#include "bench/cpu.h"
#include "bench/require.h"
#include "model/clock.h"
#include "shipper/make_sink.h"
#include "store/disk/posix_file_system.h"

namespace tally::bench {
namespace {

// Passes everything on to a sink, and looks at the clock when it is ready and when something has
// arrived.
class TimedSink final : public shipper::Sink {
 public:
  TimedSink(std::unique_ptr<Sink> sink, ShippingTime& time) : sink_(std::move(sink)), time_(time) {}

  Result<store::SinkState> begin(store::SinkState from) override {
    auto began = sink_->begin(std::move(from));
    began_at_ = wall_seconds();
    cpu_before_ = process_cpu_seconds(::getpid());
    return began;
  }
  Result<bool> take(const store::Chunk& events) override { return sink_->take(events); }
  Result<void> flush() override { return sink_->flush(); }
  Result<std::optional<store::SinkState>> progress(std::chrono::milliseconds timeout) override {
    auto arrived = sink_->progress(timeout);
    if (arrived && arrived.value()) {
      time_ = {sink_->stats().events, wall_seconds() - began_at_,
               process_cpu_seconds(::getpid()) - cpu_before_};
    }
    return arrived;
  }
  shipper::SinkStats stats() const override { return sink_->stats(); }

 private:
  std::unique_ptr<Sink> sink_;
  ShippingTime& time_;
  double began_at_ = 0;
  double cpu_before_ = 0;
};

}  // namespace

ShippingTime ship_timed(const std::filesystem::path& directory, const std::string& url) {
  store::PosixFileSystem files;
  const SystemClock clock;
  ShippingTime time;
  auto plan = require(shipper::plan_sink(url), url);
  const auto timed =
      [&](const shipper::SinkContext& context) -> Result<std::unique_ptr<shipper::Sink>> {
    TALLY_TRY(auto sink, plan.factory(context));
    return std::make_unique<TimedSink>(std::move(sink), time);
  };
  shipper::Shipper shipper(files, clock, directory, plan.options, timed);
  const auto shipped = shipper.run_once();
  if (!shipped) give_up(url + ": " + to_string(shipped.error()));
  return time;
}

double rate(const ShippingTime& time) { return static_cast<double>(time.events) / time.seconds; }

}  // namespace tally::bench
