#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/check.h"
#include "net/request_head.h"

using tally::net::find_head_end;
using tally::net::HeadEnd;
using tally::net::parse_request_head;
using tally::net::RequestHead;

namespace {

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() || part == "/" ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// What we take, Beast takes as well, and frames in the same way.
void compare_with_beast(std::string_view text, const RequestHead& head) {
  namespace http = boost::beast::http;
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(text.size() + 1));
  parser.body_limit(boost::none);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  TALLY_CHECK(!error && parser.is_header_done());
  TALLY_CHECK(parser.chunked() == head.chunked);
  TALLY_CHECK(parser.content_length().value_or(0) == head.content_length);
  TALLY_CHECK(parser.keep_alive() == head.keep_alive);
  const auto type = parser.get()[http::field::content_type];
  TALLY_CHECK(std::string_view(type.data(), type.size()) == head.request.content_type);
}

}  // namespace

/// The head of a request, from whoever connects. Besides not breaking: where it ends does not
/// depend on the pieces in which it came, and all that was read lies within it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const HeadEnd whole = find_head_end(input, 0);
  std::size_t scanned = 0;
  HeadEnd pieces{HeadEnd::State::incomplete, 0};
  for (std::size_t length = 1; length <= size; ++length) {
    pieces = find_head_end(std::string_view(input).substr(0, length), scanned);
    if (pieces.state != HeadEnd::State::incomplete) break;
    scanned = pieces.offset;
  }
  TALLY_CHECK(pieces.state == whole.state);
  if (whole.state != HeadEnd::State::complete) return 0;
  TALLY_CHECK(pieces.offset == whole.offset && whole.offset <= size);

  const std::string_view text = std::string_view(input).substr(0, whole.offset);
  RequestHead head;
  if (parse_request_head(text, head)) return 0;
  for (const std::string_view part :
       {head.request.path, head.request.query, head.request.host, head.request.origin,
        head.request.content_type, head.request.content_encoding, head.request.authorization,
        head.request.idempotency_key, head.request.accept}) {
    TALLY_CHECK(lies_within(part, text));
  }
  TALLY_CHECK(!(head.chunked && head.content_length > 0));
  TALLY_CHECK(!head.request.path.empty());
  compare_with_beast(text, head);
  return 0;
}
