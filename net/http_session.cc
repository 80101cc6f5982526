#include "net/http_session.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <string_view>
#include <utility>

#include "model/check.h"

namespace tally::net {
namespace {

// A round is bounded in requests and in the bytes of the answers that were given at once.
constexpr std::size_t kRoundRequestsMax = 64;
constexpr std::size_t kRoundAnswerBytesMax = 256 * 1024;

// A body up to this length may arrive piece by piece beside its head; a longer one that is not here
// yet goes through the byte budget.
constexpr std::size_t kPendingBodyMax = 4 * 1024;
constexpr std::size_t kPendingKeptMax = 4 * 1024;

constexpr std::chrono::seconds kBudgetRetryAfter{1};

}  // namespace

Task<void> HttpSession::serve(HttpThread& thread, FileDescriptor socket, std::string peer) {
  HttpSession session(thread, std::move(socket), std::move(peer));
  std::exception_ptr thrown;
  try {
    co_await session.run();
  } catch (...) {
    thrown = std::current_exception();
  }
  // Replies refer to the session, so it must outlive them, whatever happened.
  if (!session.slots_.complete()) co_await session.slots_.wait_complete();
  if (thrown) std::rethrow_exception(thrown);
}

HttpSession::HttpSession(HttpThread& thread, FileDescriptor socket, std::string peer)
    : thread_(thread), connection_(thread, std::move(socket), std::move(peer)), slots_(thread) {}

HttpSession::~HttpSession() { TALLY_CHECK(slots_.complete()); }

// What every request passes is awaited right here: each coroutine in between would cost it a frame.
Task<void> HttpSession::run() {
  Next next = Next::receive;
  for (;;) {
    if (next == Next::receive) {
      if (!begin_receive()) co_return;
      co_await connection_.readable();
      const std::optional<Next> received = receive();
      if (!received) co_return;
      next = *received;
    } else if (next == Next::parse) {
      next = parse_pending();
    } else if (next == Next::read_body) {
      next = co_await read_body();
    } else {
      if (next == Next::hang_up) co_await connection_.close_politely();
      co_return;
    }
    if (slots_.size() == 0) continue;
    // A handler takes the time that it needs; the peer has done its part.
    connection_.arm(Connection::Wait::nothing);
    if (!slots_.complete()) co_await slots_.wait_complete();
    if (thread_.draining()) next = pending_.empty() ? Next::close : Next::hang_up;
    const bool aborted = slots_.aborted();
    auto pieces = slots_.gather(next == Next::close || next == Next::hang_up);
    if (connection_.write_some(pieces) != Connection::Written::all) {
      if (!co_await connection_.write(pieces)) co_return;
      connection_.arm(Connection::Wait::nothing);
    }
    slots_.clear();
    if (aborted) co_return;
  }
}

/// Starts the deadline of a wait for input; false if none is to be had any more.
bool HttpSession::begin_receive() {
  const bool idle = pending_.empty();
  if (idle && thread_.draining()) return false;
  connection_.arm(idle ? Connection::Wait::request : Connection::Wait::head);
  return true;
}

/// Reads and parses what has come; nothing if the connection is to end.
std::optional<HttpSession::Next> HttpSession::receive() {
  // What is pending goes in front of what comes: a request is always parsed in one piece.
  const std::span<char> scratch = thread_.scratch();
  std::memcpy(scratch.data(), pending_.data(), pending_.size());
  const std::span<char> room = scratch.subspan(pending_.size());
  const std::optional<std::size_t> bytes =
      connection_.read_some(room.first(room.size() - kBodyPadding));
  if (!bytes) return std::nullopt;
  return parse_round(scratch.first(pending_.size() + *bytes));
}

HttpSession::Next HttpSession::parse_pending() {
  const std::span<char> scratch = thread_.scratch();
  std::memcpy(scratch.data(), pending_.data(), pending_.size());
  return parse_round(scratch.first(pending_.size()));
}

/// Takes the whole requests of `input`, which lies in the scratch memory; the rest becomes pending.
HttpSession::Next HttpSession::parse_round(std::span<char> input) {
  std::optional<Next> next;
  while (!next) {
    next = parse_request(input);
    if (!next &&
        (slots_.size() == kRoundRequestsMax || slots_.answer_bytes() >= kRoundAnswerBytesMax)) {
      next = Next::parse;
    }
  }
  keep_pending(input);
  return *next;
}

/// Takes one request off the front of `input`; nothing if it has done so and another may follow.
std::optional<HttpSession::Next> HttpSession::parse_request(std::span<char>& input) {
  const std::string_view text(input.data(), input.size());
  const HeadEnd end = find_head_end(text, head_scanned_);
  const bool too_long = end.offset > thread_.options().head_bytes_max;
  if (end.state == HeadEnd::State::malformed) {
    return refuse({400, "a header line ends in a bare LF or goes on in the next line"});
  }
  if (too_long ||
      (end.state == HeadEnd::State::incomplete && text.size() > thread_.options().head_bytes_max)) {
    return refuse({431, "the request's head is too long"});
  }
  head_scanned_ = end.offset;
  if (end.state == HeadEnd::State::incomplete) return Next::receive;
  if (end.offset == 2) {  // an empty line before a request is forgiven (RFC 9112 section 2.2)
    input = input.subspan(2);
    head_scanned_ = 0;
    return std::nullopt;
  }
  // Should the body not be here yet, the next call is to find the empty line at once.
  head_scanned_ -= 2;

  RequestHead head;
  std::optional<HeadError> error = parse_request_head(text.substr(0, end.offset), head);
  if (!error) error = check(head);
  if (error) return refuse(*error);
  if (head.chunked) return Next::read_body;
  const auto length = static_cast<std::size_t>(head.content_length);
  if (length > input.size() - end.offset) {
    return length > kPendingBodyMax || head.expects_continue ? Next::read_body : Next::receive;
  }
  dispatch(head, input.subspan(end.offset, length));
  input = input.subspan(end.offset + length);
  head_scanned_ = 0;
  if (!head.keep_alive) return input.empty() ? Next::close : Next::hang_up;
  return std::nullopt;
}

/// What is wrong with a well-formed head; looked at before the body is read.
std::optional<HeadError> HttpSession::check(const RequestHead& head) {
  const Request& request = head.request;
  // A health check may come in HTTP/1.0 without Host; a browser never does.
  const bool may_lack_host = head.http10 && request.host.empty();
  if (!may_lack_host && !thread_.shared().hosts.is_host_allowed(request.host)) {
    return HeadError{403, "this Host is not one of ours; allow it in the configuration"};
  }
  if (!HostPolicy::is_origin_allowed(request.origin, request.host)) {
    return HeadError{403, "a page of another origin may not use this server"};
  }
  if (head.content_length > thread_.options().body_bytes_max) {
    return HeadError{413, "the body is too large"};
  }
  return std::nullopt;
}

void HttpSession::dispatch(RequestHead& head, std::span<char> body) {
  head.request.body = body;
  head.request.peer = connection_.peer();
  const ReplySlots::Terms terms{.head_only = head.request.method == Method::head,
                                .name_keep_alive = head.http10 && head.keep_alive};
  // Behind the body may stand the next request, where the handler is free to write.
  std::array<char, kBodyPadding> behind;
  std::memcpy(behind.data(), body.data() + body.size(), kBodyPadding);
  thread_.handler().handle(head.request, slots_.open(terms));
  std::memcpy(body.data() + body.size(), behind.data(), kBodyPadding);
}

HttpSession::Next HttpSession::refuse(const HeadError& error) {
  HttpCounters& counters = thread_.counters();
  switch (error.status) {
    case 403:
      counters.refused_by_origin.add(1);
      break;
    case 413:
    case 431:
    case 503:
      counters.refused_by_limit.add(1);
      break;
    default:
      counters.malformed.add(1);
      break;
  }
  const auto retry_after = error.status == 503 ? std::optional(kBudgetRetryAfter) : std::nullopt;
  slots_.open({}).send_error(error.status, error.reason, retry_after);
  return Next::hang_up;
}

/// Reads the body of the head at the front of pending_, and hands both to the handler.
Task<HttpSession::Next> HttpSession::read_body() {
  // pending_ grows and shrinks while the body is read, so the head moves to a place of its own.
  const HeadEnd end = find_head_end(pending_, head_scanned_);
  const std::string head_text = pending_.substr(0, end.offset);
  pending_.erase(0, end.offset);
  head_scanned_ = 0;
  RequestHead head;
  TALLY_CHECK(!parse_request_head(head_text, head));

  BodyReader reader(thread_, connection_);
  const BodyReader::Outcome outcome = co_await reader.read(head, pending_);
  connection_.arm(Connection::Wait::nothing);
  if (outcome != BodyReader::Outcome::complete) co_return refuse_body(outcome);
  dispatch(head, reader.body());
  co_return head.keep_alive ? Next::parse : Next::close;
}

HttpSession::Next HttpSession::refuse_body(BodyReader::Outcome outcome) {
  switch (outcome) {
    case BodyReader::Outcome::too_large:
      return refuse({413, "the body is too large"});
    case BodyReader::Outcome::malformed:
      return refuse({400, "malformed chunked body"});
    case BodyReader::Outcome::no_budget:
      return refuse({503, "too many large bodies at once; try again later"});
    case BodyReader::Outcome::complete:
    case BodyReader::Outcome::broken:
      break;
  }
  return Next::hang_up;
}

void HttpSession::keep_pending(std::span<const char> rest) {
  pending_.assign(rest.data(), rest.size());
  if (rest.empty() && pending_.capacity() > kPendingKeptMax) pending_ = std::string();
}

}  // namespace tally::net
