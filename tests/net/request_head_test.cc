#include "net/request_head.h"

#include <gtest/gtest.h>

#include <string>

namespace tally::net {
namespace {

RequestHead parsed(std::string_view text) {
  RequestHead head;
  const auto error = parse_request_head(text, head);
  EXPECT_FALSE(error) << error->reason;
  return head;
}

TEST(RequestHead, KnownFieldsWhateverTheirCase) {
  constexpr std::string_view kText =
      "POST /v1/events?a=b HTTP/1.1\r\nHOST: h\r\ncontent-type:  application/json \r\n"
      "Content-Encoding: gzip\r\nORIGIN: o\r\nAuthorization: Bearer t\r\nidempotency-KEY: k\r\n"
      "Accept: */*\r\nContent-Length: 12\r\nX-Other: x\r\n\r\n";
  const RequestHead head = parsed(kText);
  EXPECT_EQ(head.request.method, Method::post);
  EXPECT_EQ(head.request.path, "/v1/events");
  EXPECT_EQ(head.request.query, "a=b");
  EXPECT_EQ(head.request.host, "h");
  EXPECT_EQ(head.request.content_type, "application/json");
  EXPECT_EQ(head.request.content_encoding, "gzip");
  EXPECT_EQ(head.request.origin, "o");
  EXPECT_EQ(head.request.authorization, "Bearer t");
  EXPECT_EQ(head.request.idempotency_key, "k");
  EXPECT_EQ(head.request.accept, "*/*");
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.chunked);
}

TEST(RequestHead, FieldsPointIntoTheInput) {
  const std::string text = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  const RequestHead head = parsed(text);
  EXPECT_EQ(head.request.path.data(), text.data() + 4);
  EXPECT_EQ(head.request.host.data(), text.data() + 23);
}

TEST(RequestHead, ConnectionIsAListOfOptions) {
  const auto keep_alive = [](std::string_view version, std::string_view value) {
    return parsed("GET / " + std::string(version) +
                  "\r\nHost: h\r\nConnection: " + std::string(value) + "\r\n\r\n")
        .keep_alive;
  };
  EXPECT_TRUE(keep_alive("HTTP/1.1", "upgrade"));
  EXPECT_FALSE(keep_alive("HTTP/1.1", "upgrade,\tClose"));
  EXPECT_FALSE(keep_alive("HTTP/1.1", "close, keep-alive"));
  EXPECT_TRUE(keep_alive("HTTP/1.0", ", Keep-Alive ,"));
  EXPECT_FALSE(keep_alive("HTTP/1.0", "keep-alive-not"));
  RequestHead head;
  EXPECT_TRUE(parse_request_head("GET / HTTP/1.0\r\nConnection: keep-alive: close\r\n\r\n", head));
}

TEST(RequestHead, SecondLengthIsRefusedEvenIfItIsTheSame) {
  RequestHead head;
  const auto error = parse_request_head(
      "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", head);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->status, 400);
}

TEST(RequestHead, ASecondTypeIsRefusedEvenIfTheFirstIsEmpty) {
  for (const char* first : {"", " ", "text/plain"}) {
    RequestHead head;
    const auto error =
        parse_request_head("GET / HTTP/1.1\r\nHost: h\r\nContent-Type:" + std::string(first) +
                               "\r\nContent-Type: a/b\r\n\r\n",
                           head);
    ASSERT_TRUE(error) << first;
    EXPECT_EQ(error->status, 400);
  }
  EXPECT_EQ(parsed("GET / HTTP/1.1\r\nHost: h\r\nContent-Type:\r\n\r\n").request.content_type, "");
}

TEST(RequestHead, ValuesMayHoldWhatIsAboveAsciiButNoControlCharacter) {
  RequestHead head;
  EXPECT_FALSE(parse_request_head("GET / HTTP/1.1\r\nHost: h\r\nX: \xC3\xA4\tb\r\n\r\n", head));
  EXPECT_TRUE(parse_request_head("GET / HTTP/1.1\r\nHost: h\r\nX: \x7F\r\n\r\n", head));
  EXPECT_TRUE(parse_request_head("GET /\xC3\xA4 HTTP/1.1\r\nHost: h\r\n\r\n", head));
}

TEST(RequestHead, MethodsThatNobodyKnows) {
  EXPECT_EQ(parsed("BREW / HTTP/1.1\r\nHost: h\r\n\r\n").request.method, Method::other);
}

TEST(FindHeadEnd, FindsTheEmptyLineFromWhereverItLeftOff) {
  const std::string text = "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\nbody\r\n\r\n";
  const std::size_t end = text.find("body");
  std::size_t scanned = 0;
  for (std::size_t length = 0; length < end; ++length) {
    const HeadEnd found = find_head_end(std::string_view(text).substr(0, length), scanned);
    ASSERT_EQ(found.state, HeadEnd::State::incomplete) << length;
    scanned = found.offset;
  }
  const HeadEnd found = find_head_end(text, scanned);
  EXPECT_EQ(found.state, HeadEnd::State::complete);
  EXPECT_EQ(found.offset, end);
}

TEST(FindHeadEnd, SeesLinesThatOthersMightReadOtherwise) {
  for (const char* text :
       {"\n", "GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n"}) {
    EXPECT_EQ(find_head_end(text, 0).state, HeadEnd::State::malformed) << text;
  }
}

}  // namespace
}  // namespace tally::net
