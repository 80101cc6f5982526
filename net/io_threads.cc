#include "net/io_threads.h"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <thread>

namespace tally::net {

struct IoThreads::Running {
  explicit Running(IoThread& io)
      : work(boost::asio::make_work_guard(io.context())), thread([&io] { run(io); }) {}

  static void run(IoThread& io) {
    const std::string name = "tally-io-" + std::to_string(io.index());
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    io.context().run();
  }

  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  std::jthread thread;
};

IoThreads::IoThreads(std::size_t count) {
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
    threads_.push_back(std::make_unique<IoThread>(i));
    running_.push_back(std::make_unique<Running>(*threads_.back()));
  }
}

IoThreads::~IoThreads() { stop(); }

void IoThreads::stop() {
  for (const auto& io : threads_) io->context().stop();
  running_.clear();
}

}  // namespace tally::net
