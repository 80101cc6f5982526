#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/test_server.h"

namespace tally::net {
namespace {

using testing::HasSubstr;

/// The status with which `request` is refused; checks that the server then closes, and that the
/// refusal is the only answer.
int refused_with(TestServer& server, std::string_view request) {
  RawPeer peer = server.connect();
  peer.send(request);
  const std::string answer = peer.read_answer();
  EXPECT_TRUE(has_field(answer, "Connection: close")) << answer;
  EXPECT_THAT(std::string(body_of(answer)), testing::StartsWith("{\"error\":\"")) << request;
  EXPECT_EQ(peer.read_to_end(), "") << request;
  return status_of(answer);
}

std::string with_fields(std::string_view fields, std::string_view body = "") {
  return "POST /a HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) + "\r\n" +
         std::string(body);
}

TEST(HttpRefusal, WhateverTwoServersCouldFrameDifferently) {
  TestServer server;
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: 3\r\n" + chunked, "abc")), 400);
  EXPECT_EQ(refused_with(server, with_fields(chunked + "Content-Length: 3\r\n", "abc")), 400);
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: 3\r\nContent-Length: 4\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: 3, 4\r\n", "abc")), 400);
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: -1\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: 0x10\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: 18446744073709551616\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields("Content-Length:\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields(chunked + chunked, "0\r\n\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields("Transfer-Encoding: gzip, chunked\r\n")), 501);
  EXPECT_EQ(refused_with(server, with_fields("Transfer-Encoding: identity\r\n")), 501);
  EXPECT_EQ(refused_with(server, with_fields("Transfer-Encoding : chunked\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields("X: a\r\n Transfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(refused_with(server, "POST /a HTTP/1.1\r\nHost: localhost\nContent-Length: 3\r\n\r\n"),
            400);
  EXPECT_EQ(refused_with(server, "POST /a HTTP/1.1\nHost: localhost\n\n"), 400);
  EXPECT_EQ(refused_with(server, with_fields("X: a\rContent-Length: 3\r\n")), 400);
  EXPECT_EQ(refused_with(server, "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            400);
  EXPECT_EQ(server.server().stats().malformed, 17U);
}

TEST(HttpRefusal, NothingOfARefusedRequestsBodyIsTakenForARequest) {
  TestServer server;
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: 3\r\nContent-Length: 4\r\n",
                                             get("/smuggled"))),
            400);
}

TEST(HttpRefusal, MalformedHeads) {
  TestServer server;
  EXPECT_EQ(refused_with(server, "nonsense\r\n\r\n"), 400);
  EXPECT_EQ(refused_with(server, "GET nopath HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400);
  EXPECT_EQ(refused_with(server, "GET /a HTTP/2.0\r\nHost: localhost\r\n\r\n"), 505);
  EXPECT_EQ(refused_with(server, "GET /a\r\nHost: localhost\r\n\r\n"), 400);
  EXPECT_EQ(refused_with(server, "GET /a HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refused_with(server, "GET /a HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"),
            400);
  EXPECT_EQ(refused_with(server, with_fields("Content-Type: a\r\nContent-Type: b\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields("Expect: miracles\r\n")), 417);
  EXPECT_EQ(refused_with(server, with_fields("X: \x01\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields("(): a\r\n")), 400);
}

TEST(HttpRefusal, MalformedChunks) {
  TestServer server;
  const std::string head = "Transfer-Encoding: chunked\r\n";
  EXPECT_EQ(refused_with(server, with_fields(head, "x\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields(head, "\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields(head, "-1\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields(head, "3\nabc\n0\n\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields(head, "3\r\nabcd\r\n0\r\n\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields(head, "10000000000000000\r\n")), 400);
  EXPECT_EQ(refused_with(server, with_fields(head, "1;" + std::string(2000, 'e') + "\r\n")), 400);
  std::string trailers;
  for (int i = 0; i < 200; ++i) trailers += "T: " + std::string(100, 't') + "\r\n";
  EXPECT_EQ(refused_with(server, with_fields(head, "0\r\n" + trailers)), 400);
}

TEST(HttpRefusal, TooLarge) {
  TestServer server({.head_bytes_max = 1000, .body_bytes_max = 100'000});
  EXPECT_EQ(refused_with(server, with_fields("X: " + std::string(2000, 'x') + "\r\n")), 431);
  EXPECT_EQ(refused_with(server, "GET /" + std::string(5000, 'x')), 431);
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: 100001\r\n")), 413);
  EXPECT_EQ(refused_with(server, with_fields("Content-Length: 18446744073709551615\r\n")), 413);
  EXPECT_EQ(refused_with(server, with_fields("Transfer-Encoding: chunked\r\n", "186A1\r\n")), 413);
  EXPECT_EQ(refused_with(server, with_fields("Transfer-Encoding: chunked\r\n",
                                             "186A0\r\n" + std::string(100'000, 'x') +
                                                 "\r\n1\r\nx\r\n0\r\n\r\n")),
            413);
  EXPECT_EQ(server.server().stats().refused_by_limit, 6U);

  RawPeer peer = server.connect();
  peer.send(post("/a", std::string(100'000, 'x')));
  EXPECT_EQ(status_of(peer.read_answer()), 200);
}

TEST(HttpRefusal, AnswerArrivesThoughTheBodyIsStillBeingSent) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(with_fields("Content-Length: 20000000\r\n"));
  // More than both sockets' buffers hold: were it not read, this would block, or be reset.
  peer.send(std::string(20'000'000, 'x'));
  EXPECT_EQ(status_of(peer.read_to_end()), 413);
}

TEST(HttpRefusal, ForeignHost) {
  TestServer server({.allowed_hosts = {"audit.example"}});
  const auto with_host = [](const std::string& host) {
    return "GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  };
  EXPECT_EQ(refused_with(server, with_host("evil.example")), 403);
  EXPECT_EQ(refused_with(server, with_host("127.0.0.1.evil.example")), 403);
  EXPECT_EQ(refused_with(server, with_host("127.0.0.1:7514.evil.example")), 403);
  EXPECT_EQ(refused_with(server, with_host("")), 403);
  EXPECT_EQ(refused_with(server, "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            403);
  EXPECT_EQ(server.server().stats().refused_by_origin, 5U);

  RawPeer peer = server.connect();
  for (const char* host : {"localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:7514", "192.168.1.7",
                           "Audit.Example:7514"}) {
    peer.send(with_host(host));
    EXPECT_EQ(status_of(peer.read_answer()), 200) << host;
  }
  peer.send("GET http://127.0.0.1/x?y HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  EXPECT_EQ(body_of(peer.read_answer()), "GET /x?y ");
}

TEST(HttpRefusal, ForeignOriginBeforeItsBodyIsRead) {
  TestServer server;
  const auto from = [](const std::string& origin) {
    return with_fields("Origin: " + origin + "\r\nContent-Length: 10\r\n");
  };
  EXPECT_EQ(refused_with(server, from("https://evil.example")), 403);
  EXPECT_EQ(refused_with(server, from("null")), 403);
  EXPECT_EQ(refused_with(server, from("http://localhost.evil.example")), 403);
  EXPECT_EQ(refused_with(server, from("http://localhost:8080")), 403);

  RawPeer peer = server.connect();
  peer.send(from("http://localhost") + "0123456789");
  EXPECT_EQ(status_of(peer.read_answer()), 200);
}

TEST(HttpRefusal, WhatCameBeforeIsAnsweredFirst) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(get("/held/1") + "nonsense\r\n\r\n");
  server.held.wait_for(1);
  server.held.answer("/held/1");
  EXPECT_EQ(body_of(peer.read_answer()), "held /held/1");
  EXPECT_EQ(status_of(peer.read_answer()), 400);
  EXPECT_EQ(peer.read_to_end(), "");
}

}  // namespace
}  // namespace tally::net
