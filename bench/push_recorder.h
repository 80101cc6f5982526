#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_server.h"

namespace tally::bench {

/// A server that answers every push with 204 and keeps what it got.
class PushRecorder {
 public:
  PushRecorder();
  ~PushRecorder();
  PushRecorder(const PushRecorder&) = delete;
  PushRecorder& operator=(const PushRecorder&) = delete;

  /// "127.0.0.1:PORT"
  const std::string& address() const noexcept { return server_->address(); }

  /// The bodies so far, as they came.
  std::vector<std::string> bodies() const;

 private:
  class Recording;

  mutable std::mutex mutex_;
  std::vector<std::string> bodies_;  ///< guarded by mutex_
  std::unique_ptr<net::HttpServer> server_;
};

/// The entries in bodies of snappy and protobuf; ends the program if one cannot be decoded.
std::uint64_t count_entries(const std::vector<std::string>& bodies);

}  // namespace tally::bench
