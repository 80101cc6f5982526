#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "net/body_reader.h"
#include "net/connection.h"
#include "net/http_thread.h"
#include "net/reply_slots.h"
#include "net/request_head.h"
#include "net/task.h"

namespace tally::net {

/// One connection's life: takes all requests that have arrived (a round), hands them to the
/// thread's handler, waits for the answers, writes them at once, and so on. Lives in its coroutine,
/// on its thread.
class HttpSession {
 public:
  /// The coroutine that a session is: ends when the connection has, and all Replies of it.
  static Task<void> serve(HttpThread& thread, FileDescriptor socket, std::string peer);

  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

 private:
  /// What is to be done once the answers of the round have been written.
  enum class Next : std::uint8_t {
    receive,    ///< what is pending is no whole request
    parse,      ///< what is pending may hold whole requests
    read_body,  ///< pending is a head whose body does not fit in here, and what of it has come
    close,      ///< the last request has been read
    hang_up,    ///< the peer may still be sending what will not be read
  };

  HttpSession(HttpThread& thread, FileDescriptor socket, std::string peer);

  Task<void> run();
  Task<Next> read_body();

  bool begin_receive();
  std::optional<Next> receive();
  Next parse_pending();
  Next parse_round(std::span<char> input);
  std::optional<Next> parse_request(std::span<char>& input);
  std::optional<HeadError> check(const RequestHead& head);
  void dispatch(RequestHead& head, std::span<char> body);
  Next refuse(const HeadError& error);
  Next refuse_body(BodyReader::Outcome outcome);
  void keep_pending(std::span<const char> rest);

  HttpThread& thread_;
  Connection connection_;
  ReplySlots slots_;
  std::string pending_;           ///< received, not yet parsed; empty when idle
  std::size_t head_scanned_ = 0;  ///< of pending_: where find_head_end() goes on
};

}  // namespace tally::net
