#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tally::net {

/// An answer, as views that are copied before Reply::send() returns.
struct Response {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string_view body = {};
  std::string_view allow = {};  ///< the methods of a 405: "POST" or "GET, HEAD"
  std::optional<std::chrono::seconds> retry_after = {};
};

class ReplySlots;

/// The duty to answer one request exactly once: at once or later, on the thread that handled it.
/// Dropped without an answer, it closes the connection. The session waits for it, however long it
/// takes, so a Reply must never be kept for ever.
class [[nodiscard]] Reply {
 public:
  Reply(ReplySlots& slots, std::size_t slot) noexcept : slots_(&slots), slot_(slot) {}
  ~Reply() { abort(); }
  Reply(Reply&& other) noexcept;
  Reply& operator=(Reply&& other) noexcept;

  /// Formats the answer into the session's output. Allocates nothing in the long run.
  void send(const Response& response);

  /// send() with the body {"error":"message"}.
  void send_error(int status, std::string_view message,
                  std::optional<std::chrono::seconds> retry_after = std::nullopt);

  /// Closes the connection without an answer, after what precedes this request was answered: for
  /// what may or may not have happened. Nothing if already answered.
  void abort() noexcept;

 private:
  ReplySlots* take() noexcept;

  ReplySlots* slots_;
  std::size_t slot_;
};

}  // namespace tally::net
