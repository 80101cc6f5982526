#include "bench/response_reader.h"

#include <strings.h>

#include <charconv>
#include <cstring>

#include "bench/require.h"

namespace tally::bench {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kLengthField = "content-length:";
constexpr std::size_t kStatusAt = 9;  // after "HTTP/1.1 "

int parse_status(std::string_view head) {
  int status = 0;
  require(head.size() >= kStatusAt + 3 && head.starts_with("HTTP/1."), "not an HTTP answer");
  std::from_chars(head.data() + kStatusAt, head.data() + kStatusAt + 3, status);
  return status;
}

std::size_t parse_length(std::string_view head, int status) {
  for (std::size_t at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at)) {
    ++at;
    if (head.size() - at < kLengthField.size()) break;
    if (::strncasecmp(head.data() + at, kLengthField.data(), kLengthField.size()) != 0) continue;
    std::size_t length = 0;
    const char* digits = head.data() + at + kLengthField.size();
    while (*digits == ' ') ++digits;
    std::from_chars(digits, head.data() + head.size(), length);
    return length;
  }
  require(status == 204, "an answer without Content-Length");
  return 0;
}

}  // namespace

std::span<char> ResponseReader::space() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (end_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
  }
  return {buffer_.data() + end_, buffer_.size() - end_};
}

std::optional<HttpAnswer> ResponseReader::next() {
  const std::string_view waiting(buffer_.data() + begin_, end_ - begin_);
  const std::size_t head_size = waiting.find(kHeadEnd);
  if (head_size == std::string_view::npos) return std::nullopt;
  const std::string_view head = waiting.substr(0, head_size + 1);
  const int status = parse_status(head);
  const std::size_t length = parse_length(head, status);
  const std::size_t body_at = head_size + kHeadEnd.size();
  if (waiting.size() < body_at + length) return std::nullopt;
  begin_ += body_at + length;
  return HttpAnswer{.status = status, .body = waiting.substr(body_at, length)};
}

}  // namespace tally::bench
