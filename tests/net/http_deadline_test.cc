#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/test_server.h"

namespace tally::net {
namespace {

using std::chrono::seconds;

const HttpServerOptions kOptions{.head_deadline = seconds(10),
                                 .body_deadline = seconds(60),
                                 .idle_deadline = seconds(75),
                                 .write_deadline = seconds(30)};

/// Whether the server still answers `peer`; leaves it idle.
bool answers(RawPeer& peer) {
  peer.send(get("/alive"));
  return status_of(peer.read_answer()) == 200;
}

TEST(HttpDeadline, IdleConnectionIsClosed) {
  TestServer server(kOptions);
  RawPeer peer = server.connect();
  ASSERT_TRUE(answers(peer));
  server.pass(seconds(74));
  ASSERT_TRUE(answers(peer));
  server.pass(seconds(74));
  ASSERT_TRUE(answers(peer)) << "each request begins the time anew";
  server.pass(seconds(76));
  EXPECT_EQ(peer.read_to_end(), "");
  EXPECT_EQ(server.server().stats().deadlines_expired, 1U);
}

TEST(HttpDeadline, TricklingHeadIsCutOff) {
  TestServer server(kOptions);
  RawPeer peer = server.connect();
  ASSERT_TRUE(answers(peer));
  peer.send("GET /a HTTP/1.1\r\n");
  // Each byte that comes must not buy more time: 11 s in pieces are too long as well.
  RawPeer witness = server.connect();
  ASSERT_TRUE(answers(witness));
  server.pass(seconds(6));
  peer.send("Host: loc");
  ASSERT_TRUE(answers(witness));
  server.pass(seconds(6));
  EXPECT_EQ(peer.read_to_end(), "");
  EXPECT_TRUE(answers(witness));
}

TEST(HttpDeadline, StalledBodyIsCutOff) {
  TestServer server(kOptions);
  RawPeer peer = server.connect();
  const std::string request = post("/a", std::string(100'000, 'x'));
  peer.send(request.substr(0, 50'000));
  RawPeer witness = server.connect();
  ASSERT_TRUE(answers(witness));
  server.pass(seconds(61));
  EXPECT_EQ(peer.read_to_end(), "");
  EXPECT_EQ(server.server().stats().body_bytes_reserved, 0U);
}

TEST(HttpDeadline, HandlerMayTakeItsTime) {
  TestServer server(kOptions);
  RawPeer peer = server.connect();
  peer.send(get("/held/1"));
  server.held.wait_for(1);
  server.pass(seconds(1000));
  server.held.answer("/held/1");
  EXPECT_EQ(body_of(peer.read_answer()), "held /held/1");
}

TEST(HttpDeadline, PeerThatDoesNotReadItsAnswerIsCutOff) {
  TestServer server(kOptions);
  RawPeer peer = server.connect();
  peer.send(get("/big?50000000"));
  RawPeer witness = server.connect();
  // Until the server has sent what the sockets hold and waits for the peer.
  std::uint64_t sent = 0;
  do {
    sent = server.server().stats().bytes_sent;
    ASSERT_TRUE(answers(witness));
  } while (sent < 100'000 || server.server().stats().bytes_sent - sent > 1000);
  server.pass(seconds(31));
  EXPECT_LT(peer.read_to_end().size(), 50'000'000U);
}

TEST(HttpDeadline, BodyThatWaitsInVainForTheBudgetGets503) {
  HttpServerOptions options = kOptions;
  options.body_bytes_max = 1'000'000;
  options.body_budget_bytes = 1'000'000;
  TestServer server(options);
  RawPeer first = server.connect();
  first.send(post("/first", std::string(900'000, 'x')).substr(0, 890'000));
  while (server.server().stats().body_bytes_reserved != 900'000) {
  }
  RawPeer second = server.connect();
  second.send(post("/second", std::string(200'000, 'y')).substr(0, 5'000));
  RawPeer witness = server.connect();
  ASSERT_TRUE(answers(witness));
  server.pass(seconds(59));
  first.send(std::string(1, 'x'));  // the first one stays within its own time
  server.pass(seconds(2));
  const std::string answer = second.read_to_end();
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_TRUE(has_field(answer, "Retry-After: 1"));
  EXPECT_EQ(first.read_to_end(), "");
}

TEST(HttpDeadline, BodyIsReadAsSoonAsTheBudgetHasRoom) {
  HttpServerOptions options = kOptions;
  options.threads = 2;
  options.body_bytes_max = 1'000'000;
  options.body_budget_bytes = 1'000'000;
  TestServer server(options);
  RawPeer first = server.connect();
  const std::string request = post("/first", std::string(900'000, 'x'));
  first.send(request.substr(0, 890'000));
  while (server.server().stats().body_bytes_reserved != 900'000) {
  }
  RawPeer second = server.connect();
  second.send(post("/second", std::string(200'000, 'y')));
  first.send(request.substr(890'000));
  EXPECT_EQ(status_of(first.read_answer()), 200);
  EXPECT_EQ(body_of(second.read_answer()), "POST /second " + std::string(200'000, 'y'));
}

}  // namespace
}  // namespace tally::net
