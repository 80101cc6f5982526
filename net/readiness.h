#pragma once

#include <sys/epoll.h>

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

#include "net/asio_types.h"
#include "net/io_thread.h"

namespace tally::net {

/// Who is told what a socket has become ready for.
class ReadyListener {
 public:
  /// `events` as epoll names them. May do anything but start or end a Readiness.
  virtual void ready(std::uint32_t events) = 0;

 protected:
  ~ReadyListener() = default;
};

/// Tells the sockets of one I/O thread when they can be read or written: once at each change, as an
/// edge-triggered epoll does. Belongs to its thread.
class Readiness {
 public:
  /// `io` must outlive it.
  explicit Readiness(IoThread& io);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  /// Starts to watch the socket; what it is ready for already is told as well. False if the system
  /// refuses.
  bool watch(int socket, ReadyListener& listener);

  /// Ends it: the listener is not called any more, and may be destroyed.
  void unwatch(int socket, const ReadyListener& listener) noexcept;

 private:
  void wait();
  void tell();

  boost::asio::posix::basic_stream_descriptor<Executor> epoll_;
  std::size_t watched_ = 0;
  bool waiting_ = false;
  std::span<epoll_event> telling_;  ///< what tell() has yet to tell
};

}  // namespace tally::net
