#include "net/http_thread.h"

#include <chrono>
#include <ctime>
#include <iterator>
#include <utility>

#include "net/connection.h"
#include "net/http_date.h"
#include "net/http_session.h"
#include "net/spawn.h"

namespace tally::net {
namespace {

constexpr std::chrono::seconds kSweepInterval{1};

/// What the sweep timer calls; ends with the timer's cancellation.
struct SweepTick {
  void operator()(const ErrorCode& error) const {
    if (!error) thread->tick();
  }
  HttpThread* thread;
};

}  // namespace

HttpThread::HttpThread(HttpShared& shared, IoThread& io)
    : shared_(shared),
      io_(io),
      readiness_(io),
      sweep_timer_(io.context().get_executor()),
      scratch_(std::make_unique_for_overwrite<char[]>(kScratchBytes)) {}

HttpThread::~HttpThread() = default;

void HttpThread::adopt(FileDescriptor socket, std::string peer) {
  spawn(io_, HttpSession::serve(*this, std::move(socket), std::move(peer)), shared_.gate);
}

HttpThread::Connections::iterator HttpThread::watch(Connection& connection) {
  if (connections_.empty()) read_clocks();
  connections_.push_back(&connection);
  schedule_sweep();
  return std::prev(connections_.end());
}

void HttpThread::unwatch(Connections::iterator connection) noexcept {
  connections_.erase(connection);
}

// A server without connections does not wake up: the timer stops itself when it finds none.
void HttpThread::schedule_sweep() {
  if (sweep_scheduled_ || connections_.empty()) return;
  sweep_scheduled_ = true;
  sweep_timer_.expires_after(kSweepInterval);
  sweep_timer_.async_wait(SweepTick{this});
}

void HttpThread::tick() {
  sweep_scheduled_ = false;
  sweep();
  schedule_sweep();
}

void HttpThread::sweep() {
  read_clocks();
  for (Connection* connection : connections_) connection->expire_if_due(now_);
}

void HttpThread::read_clocks() {
  now_ = shared_.options.now();
  date_ = format_http_date(std::time(nullptr));
}

void HttpThread::drain() {
  draining_ = true;
  for (Connection* connection : connections_) connection->close_if_idle();
}

void HttpThread::close_all() {
  for (Connection* connection : connections_) connection->close();
}

}  // namespace tally::net
