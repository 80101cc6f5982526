#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "net/body_buffer.h"
#include "net/connection.h"
#include "net/http_thread.h"
#include "net/request_head.h"
#include "net/task.h"

namespace tally::net {

/// Reads one body that did not arrive together with its head: reserves its length in the server's
/// byte budget, then reads it straight into a buffer of its own. Holds both until it is destroyed.
class BodyReader {
 public:
  enum class Outcome : std::uint8_t {
    complete,
    too_large,  ///< more than body_bytes_max came in chunks
    malformed,  ///< not a chunked body
    no_budget,  ///< the deadline came before the budget had room
    broken,     ///< the peer closed or was too slow: nobody is there to be answered
  };

  BodyReader(HttpThread& thread, Connection& connection)
      : thread_(thread), connection_(connection) {}
  ~BodyReader();
  BodyReader(const BodyReader&) = delete;
  BodyReader& operator=(const BodyReader&) = delete;

  /// Reads the body that `head` announces. `received` is what has been received behind the head;
  /// what the body takes of it is removed, and what is received beyond the body is added.
  Task<Outcome> read(const RequestHead& head, std::string& received);

  /// The body, once complete; kBodyPadding bytes behind it are writable.
  std::span<char> body() noexcept { return {buffer_.bytes.get(), size_}; }

 private:
  Task<bool> grow(std::size_t capacity);
  Task<bool> reserve(std::size_t bytes);
  Task<bool> invite(const RequestHead& head);
  Task<Outcome> read_counted(const RequestHead& head, std::string& received);
  Task<Outcome> read_chunked(const RequestHead& head, std::string& received);
  Task<bool> receive(std::string& received);

  HttpThread& thread_;
  Connection& connection_;
  BodyBuffer buffer_;
  std::size_t size_ = 0;      ///< of what the buffer holds
  std::size_t reserved_ = 0;  ///< of the budget; the capacity without padding
};

}  // namespace tally::net
