#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace tally::net {

/// One I/O thread's event loop, as its tenants see it: everything that lives on the thread runs one
/// piece after the other and needs no lock. Outlives its tenants.
class IoThread {
 public:
  explicit IoThread(std::size_t index);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  /// Runs `task` on this thread in one of its next turns, never within this call. From any thread.
  /// A task that is still queued when the loop ends is destroyed without having run.
  void post(std::function<void()> task);

  /// Which of the server's threads this is, from 0.
  std::size_t index() const noexcept { return index_; }

  /// The Asio loop behind it, for the parts of net.
  boost::asio::io_context& context() noexcept { return *context_; }

 private:
  std::size_t index_;
  std::unique_ptr<boost::asio::io_context> context_;
};

}  // namespace tally::net
