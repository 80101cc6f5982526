#pragma once

#include <functional>
#include <memory>

#include "net/http_reply.h"
#include "net/http_request.h"
#include "net/io_thread.h"

namespace tally::net {

/// What answers requests. There is one per I/O thread, made, called and destroyed so that it needs
/// no lock: each call comes on its thread, and it is destroyed when the threads have ended.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Takes one request. `request` is valid until the return, `reply` until it is answered. Must not
  /// block. Host, Origin and size have been checked; path and method have not.
  virtual void handle(const Request& request, Reply reply) = 0;
};

/// Makes the handler of one thread; called by HttpServer::start(). `thread` outlives the handler.
using HandlerFactory = std::function<std::unique_ptr<Handler>(IoThread& thread)>;

}  // namespace tally::net
