#pragma once

#include <list>
#include <string_view>

#include "net/http_reply.h"
#include "net/http_request.h"
#include "net/io_thread.h"
#include "store/store.h"

namespace tally::app {

inline constexpr std::string_view kSealPath = "/v1/admin/seal";

/// Takes `POST /v1/admin/seal` on one I/O thread, and answers when all that was committed before is
/// sealed. Belongs to its thread.
class SealHandler {
 public:
  /// Both must outlive the handler; no Reply may be open when it is destroyed.
  SealHandler(net::IoThread& thread, store::Store& store);
  SealHandler(const SealHandler&) = delete;
  SealHandler& operator=(const SealHandler&) = delete;

  /// Path and method have been checked. 403 unless the peer is this machine.
  void handle(const net::Request& request, net::Reply reply);

 private:
  net::IoThread& thread_;
  store::Store& store_;
  std::list<net::Reply> waiting_;
};

}  // namespace tally::app
