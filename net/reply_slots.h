#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_reply.h"
#include "net/http_thread.h"
#include "net/wakeup.h"

namespace tally::net {

/// The answers of one round of pipelined requests: they may be given in any order, and leave in the
/// order of the requests with one write. Belongs to a session, and to its thread.
class ReplySlots {
 public:
  explicit ReplySlots(HttpThread& thread) : thread_(thread) {}
  ReplySlots(const ReplySlots&) = delete;
  ReplySlots& operator=(const ReplySlots&) = delete;

  /// What of a request decides the form of its answer.
  struct Terms {
    bool head_only = false;        ///< a HEAD request: no body
    bool name_keep_alive = false;  ///< an HTTP/1.0 client has to be told
  };

  /// Opens the next slot of the round.
  Reply open(Terms terms);

  /// Called by Reply, once per slot.
  void answer(std::size_t slot, const Response& response);
  void abort(std::size_t slot) noexcept;

  std::size_t size() const noexcept { return slots_.size(); }
  bool complete() const noexcept { return unanswered_ == 0; }
  std::size_t answer_bytes() const noexcept { return text_.size(); }

  /// co_await wait_complete(): goes on when the round, which must not be complete, is; within the
  /// call that completes it.
  Wakeup::Awaiter wait_complete() noexcept { return completed_.wait(); }

  /// What to write for a complete round, in order, up to the first aborted slot; `closing` says in
  /// the last answer that the connection ends with it. Valid until clear().
  std::span<iovec> gather(bool closing);

  /// Whether a slot was aborted, so that the connection must end.
  bool aborted() const noexcept { return aborted_; }

  /// Begins the next round; keeps some memory, not all.
  void clear() noexcept;

 private:
  struct Slot {
    Terms terms;
    bool aborted = false;
    std::uint32_t begin = 0;     ///< of the answer in text_
    std::uint32_t head_end = 0;  ///< where its head's last line ends, before the empty one
    std::uint32_t end = 0;
  };

  void settle() noexcept;
  std::string_view text(std::size_t begin, std::size_t end) const noexcept {
    return std::string_view(text_).substr(begin, end - begin);
  }
  void append_piece(std::string_view piece);

  HttpThread& thread_;
  std::vector<Slot> slots_;
  std::size_t unanswered_ = 0;
  bool aborted_ = false;
  std::string text_;  ///< the answers, in the order in which they were given
  std::vector<iovec> pieces_;
  Wakeup completed_;
};

}  // namespace tally::net
