#include "net/request_head.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "net/ascii.h"

namespace tally::net {
namespace {

namespace http = boost::beast::http;
using BeastView = boost::beast::string_view;
using boost::system::error_code;

std::string_view view(BeastView text) noexcept { return {text.data(), text.size()}; }

Method to_method(http::verb verb) noexcept {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::delete_:
      return Method::delete_;
    case http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

/// Beast's grammar of heads, with what we know of them put into a RequestHead.
class HeadParser final : public http::basic_parser<true> {
 public:
  explicit HeadParser(RequestHead& head) : head_(head) {}

  /// What is wrong with a head that is well formed.
  std::optional<HeadError> finish() {
    if (!authority_.empty()) head_.request.host = authority_;
    if (!error_ && hosts_ != 1 && !(head_.http10 && hosts_ == 0)) {
      refuse(400, hosts_ == 0 ? "no Host header" : "second Host header");
    }
    // HTTP/1.0 has no transfer codings; whoever sends one may not be who frames it (RFC 9112 6.1).
    if (head_.chunked && head_.http10) refuse(400, "Transfer-Encoding in HTTP/1.0");
    return error_;
  }

 private:
  void on_request_impl(http::verb verb, BeastView, BeastView target, int version,
                       error_code&) override {
    head_.request.method = to_method(verb);
    head_.http10 = version < 11;
    set_target(view(target));
  }

  void on_field_impl(http::field field, BeastView name, BeastView text, error_code&) override {
    const std::string_view value = view(text);
    Request& request = head_.request;
    switch (field) {
      case http::field::host:
        set_host(value);
        break;
      case http::field::transfer_encoding:
        set_coding(value);
        break;
      case http::field::expect:
        set_expectation(value);
        break;
      case http::field::origin:
        set_once(request.origin, value);
        break;
      case http::field::content_type:
        set_once(request.content_type, value);
        break;
      case http::field::content_encoding:
        set_once(request.content_encoding, value);
        break;
      case http::field::authorization:
        set_once(request.authorization, value);
        break;
      case http::field::accept:
        request.accept = value;
        break;
      case http::field::unknown:
        if (!equals_ignoring_case(view(name), "Idempotency-Key")) break;
        set_once(request.idempotency_key, value);
        break;
      default:
        break;
    }
  }

  void set_target(std::string_view target) {
    // The absolute form, meant for proxies, is to be understood as well, and its authority counts
    // instead of the Host header (RFC 9112 section 3.2.2).
    if (!target.starts_with('/') && target != "*") {
      const std::size_t scheme = target.find("://");
      if (scheme == std::string_view::npos) return refuse(400, "the target is not a path");
      target.remove_prefix(scheme + 3);
      authority_ = target.substr(0, target.find_first_of("/?"));
      target.remove_prefix(authority_.size());
    }
    const std::size_t question = target.find('?');
    head_.request.path = target.substr(0, question);
    if (head_.request.path.empty()) head_.request.path = "/";
    if (question != std::string_view::npos) head_.request.query = target.substr(question + 1);
  }

  void set_host(std::string_view value) {
    head_.request.host = value;
    ++hosts_;
  }

  void set_coding(std::string_view value) {
    head_.chunked = equals_ignoring_case(value, "chunked");
    if (!head_.chunked) refuse(501, "transfer coding other than chunked");
  }

  void set_expectation(std::string_view value) {
    head_.expects_continue = equals_ignoring_case(value, "100-continue");
    if (!head_.expects_continue) refuse(417, "expectation other than 100-continue");
  }

  void set_once(std::string_view& field, std::string_view value) {
    if (!field.empty()) refuse(400, "a header that may come once came twice");
    field = value;
  }

  void refuse(int status, std::string_view reason) noexcept {
    if (!error_) error_ = HeadError{status, reason};
  }

  // Of bodies and answers, which this parser never sees.
  void on_response_impl(int, BeastView, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(BeastView, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  RequestHead& head_;
  std::optional<HeadError> error_;
  std::string_view authority_;
  int hosts_ = 0;
};

HeadError to_head_error(const error_code& error) noexcept {
  if (error == http::error::bad_version) return {505, "HTTP version is neither 1.0 nor 1.1"};
  if (error == http::error::bad_target) return {400, "malformed target"};
  if (error == http::error::bad_method) return {400, "malformed method"};
  if (error == http::error::bad_content_length) return {400, "malformed Content-Length"};
  if (error == http::error::multiple_content_length) return {400, "contradicting Content-Lengths"};
  if (error == http::error::bad_transfer_encoding) {
    return {400, "Transfer-Encoding twice, or together with Content-Length"};
  }
  return {400, "malformed head"};
}

}  // namespace

HeadEnd find_head_end(std::string_view bytes, std::size_t scanned) noexcept {
  // Beast would take a bare LF for part of a value, and unfold a value that goes on in the next
  // line. Other servers on the way may have read both otherwise, so neither gets as far as Beast.
  std::size_t line = scanned;
  for (;;) {
    const std::size_t lf = bytes.find('\n', line);
    if (lf == std::string_view::npos) return {HeadEnd::State::incomplete, line};
    if (lf == 0 || bytes[lf - 1] != '\r') return {HeadEnd::State::malformed, lf};
    if (lf - 1 == line) return {HeadEnd::State::complete, lf + 1};
    if (line > 0 && (bytes[line] == ' ' || bytes[line] == '\t')) {
      return {HeadEnd::State::malformed, line};
    }
    line = lf + 1;
  }
}

std::optional<HeadError> parse_request_head(std::string_view bytes, RequestHead& head) {
  HeadParser parser(head);
  // The session has checked both limits, or does so next.
  parser.header_limit(static_cast<std::uint32_t>(bytes.size() + 1));
  parser.body_limit(boost::none);
  error_code error;
  parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error) return to_head_error(error);
  if (!parser.is_header_done()) return HeadError{400, "malformed head"};
  head.content_length = parser.content_length().value_or(0);
  head.keep_alive = parser.keep_alive();
  return parser.finish();
}

}  // namespace tally::net
