#include "net/http_reply.h"

#include <string>
#include <utility>

#include "model/check.h"
#include "model/json_text.h"
#include "net/reply_slots.h"

namespace tally::net {

Reply::Reply(Reply&& other) noexcept : slots_(other.take()), slot_(other.slot_) {}

Reply& Reply::operator=(Reply&& other) noexcept {
  if (this != &other) {
    abort();
    slots_ = other.take();
    slot_ = other.slot_;
  }
  return *this;
}

void Reply::send(const Response& response) {
  ReplySlots* const slots = take();
  TALLY_CHECK(slots != nullptr);
  slots->answer(slot_, response);
}

void Reply::send_error(int status, std::string_view message,
                       std::optional<std::chrono::seconds> retry_after) {
  std::string body = "{\"error\":";
  append_json_string(body, message);
  body += "}\n";
  send({.status = status, .body = body, .retry_after = retry_after});
}

void Reply::abort() noexcept {
  if (ReplySlots* const slots = take()) slots->abort(slot_);
}

ReplySlots* Reply::take() noexcept { return std::exchange(slots_, nullptr); }

}  // namespace tally::net
