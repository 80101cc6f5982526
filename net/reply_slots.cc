#include "net/reply_slots.h"

#include <boost/beast/http/status.hpp>
#include <charconv>
#include <limits>

#include "model/check.h"

namespace tally::net {
namespace {

constexpr std::size_t kKeptBytesMax = 8 * 1024;
constexpr std::string_view kClose = "Connection: close\r\n";
constexpr std::string_view kKeepAlive = "Connection: keep-alive\r\n";

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end);
}

void append_status_line(std::string& out, int status) {
  if (status == 200) {  // nearly all of them
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  const auto reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::uint64_t>(status));
  out += ' ';
  out.append(reason.data(), reason.size());
  out += "\r\n";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += value;
  out += "\r\n";
}

void append_head(std::string& out, const Response& response, std::string_view date) {
  append_status_line(out, response.status);
  append_field(out, "Date: ", date);
  if (!response.allow.empty()) append_field(out, "Allow: ", response.allow);
  if (response.retry_after) {
    out += "Retry-After: ";
    append_number(out, static_cast<std::uint64_t>(response.retry_after->count()));
    out += "\r\n";
  }
  if (response.status == 204) return;  // has neither body nor length (RFC 9110 section 8.6)
  append_field(out, "Content-Type: ", response.content_type);
  out += "Content-Length: ";
  append_number(out, response.body.size());
  out += "\r\n";
}

}  // namespace

Reply ReplySlots::open(Terms terms) {
  slots_.push_back({.terms = terms});
  ++unanswered_;
  return Reply(*this, slots_.size() - 1);
}

void ReplySlots::answer(std::size_t index, const Response& response) {
  Slot& slot = slots_[index];
  slot.begin = static_cast<std::uint32_t>(text_.size());
  append_head(text_, response, thread_.date());
  slot.head_end = static_cast<std::uint32_t>(text_.size());
  text_ += "\r\n";
  if (!slot.terms.head_only && response.status != 204) text_ += response.body;
  TALLY_CHECK(text_.size() <= std::numeric_limits<std::uint32_t>::max());
  slot.end = static_cast<std::uint32_t>(text_.size());
  thread_.counters().responses[static_cast<std::size_t>(response.status / 100 - 1)].add(1);
  settle();
}

void ReplySlots::abort(std::size_t index) noexcept {
  slots_[index].aborted = true;
  aborted_ = true;
  thread_.counters().aborted.add(1);
  settle();
}

void ReplySlots::settle() noexcept {
  TALLY_CHECK(unanswered_ > 0);
  if (--unanswered_ == 0) completed_.notify();
}

std::span<iovec> ReplySlots::gather(bool closing) {
  pieces_.clear();
  for (std::size_t i = 0; i < slots_.size() && !slots_[i].aborted; ++i) {
    const Slot& slot = slots_[i];
    const bool last = i + 1 == slots_.size() || slots_[i + 1].aborted;
    const bool close = closing && last;
    if (!close && !slot.terms.name_keep_alive) {
      append_piece(text(slot.begin, slot.end));
      continue;
    }
    append_piece(text(slot.begin, slot.head_end));
    const std::string_view field = close ? kClose : kKeepAlive;
    append_piece(field);
    append_piece(text(slot.head_end, slot.end));
  }
  return pieces_;
}

void ReplySlots::append_piece(std::string_view piece) {
  // Answers given in order lie one behind the other, and leave as one piece.
  if (!pieces_.empty()) {
    iovec& previous = pieces_.back();
    if (static_cast<const char*>(previous.iov_base) + previous.iov_len == piece.data()) {
      previous.iov_len += piece.size();
      return;
    }
  }
  pieces_.push_back({const_cast<char*>(piece.data()), piece.size()});
}

void ReplySlots::clear() noexcept {
  slots_.clear();
  aborted_ = false;
  text_.clear();
  if (text_.capacity() > kKeptBytesMax) text_ = std::string();
}

}  // namespace tally::net
