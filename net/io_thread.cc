#include "net/io_thread.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace tally::net {

// Concurrency hint 1: one thread runs the loop, so Asio keeps what that thread posts to itself in a
// private queue and wakes nobody.
IoThread::IoThread(std::size_t index)
    : index_(index), context_(std::make_unique<boost::asio::io_context>(1)) {}

IoThread::~IoThread() = default;

void IoThread::post(std::function<void()> task) {
  boost::asio::post(context_->get_executor(), std::move(task));
}

}  // namespace tally::net
