#include "net/http_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/test_server.h"

namespace tally::net {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(HttpSession, AnswersARequestAndKeepsTheConnection) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(post("/a?b=c&d", "body"));
  const std::string first = peer.read_answer();
  EXPECT_EQ(status_of(first), 200);
  EXPECT_EQ(body_of(first), "POST /a?b=c&d body");
  EXPECT_THAT(first, HasSubstr("\r\nDate: "));
  EXPECT_TRUE(has_field(first, "Content-Length: 18"));
  EXPECT_TRUE(has_field(first, "Content-Type: text/plain"));
  EXPECT_FALSE(has_field(first, "Connection: close"));
  peer.send(get("/second"));
  EXPECT_EQ(body_of(peer.read_answer()), "GET /second ");
}

TEST(HttpSession, ARequestMayComeInAnyTwoPieces) {
  TestServer server;
  const std::string request = post("/split", "eleven byte");
  RawPeer peer = server.connect();
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    peer.send(request.substr(0, cut));
    peer.send(request.substr(cut));
    EXPECT_EQ(body_of(peer.read_answer()), "POST /split eleven byte") << "cut at " << cut;
  }
}

TEST(HttpSession, ARequestMayComeByteByByte) {
  TestServer server;
  RawPeer peer = server.connect();
  for (const char byte : post("/slow", "abc") + get("/next")) peer.send({&byte, 1});
  EXPECT_EQ(body_of(peer.read_answer()), "POST /slow abc");
  EXPECT_EQ(body_of(peer.read_answer()), "GET /next ");
}

TEST(HttpSession, PipelinedRequestsAreAnsweredInOrderWhateverOrderTheirAnswersCameIn) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(get("/held/1") + get("/held/2") + get("/at-once") + get("/held/3"));
  server.held.wait_for(3);
  server.held.answer("/held/3");
  server.held.answer("/held/1");
  server.held.answer("/held/2");
  EXPECT_EQ(body_of(peer.read_answer()), "held /held/1");
  EXPECT_EQ(body_of(peer.read_answer()), "held /held/2");
  EXPECT_EQ(body_of(peer.read_answer()), "GET /at-once ");
  EXPECT_EQ(body_of(peer.read_answer()), "held /held/3");
}

TEST(HttpSession, MorePipelinedRequestsThanARoundTakes) {
  TestServer server;
  RawPeer peer = server.connect();
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += post("/n", std::to_string(i));
  peer.send(requests);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(body_of(peer.read_answer()), "POST /n " + std::to_string(i));
  }
}

TEST(HttpSession, HandlerWritesOnItsBodyWithoutHarmToTheNextRequest) {
  TestServer server;  // the echo handler fills body and padding with '#'
  RawPeer peer = server.connect();
  peer.send(post("/a", "one") + post("/b", "") + post("/c", "three"));
  EXPECT_EQ(body_of(peer.read_answer()), "POST /a one");
  EXPECT_EQ(body_of(peer.read_answer()), "POST /b ");
  EXPECT_EQ(body_of(peer.read_answer()), "POST /c three");
}

TEST(HttpSession, LargeBodyComesWholeAndTheRequestsAroundItToo) {
  TestServer server;
  RawPeer peer = server.connect();
  std::string body;
  for (int i = 0; body.size() < 3'000'000; ++i) body += std::to_string(i) + ' ';
  peer.send(get("/before") + post("/large", body) + get("/after"));
  EXPECT_EQ(body_of(peer.read_answer()), "GET /before ");
  EXPECT_EQ(body_of(peer.read_answer()), "POST /large " + body);
  EXPECT_EQ(body_of(peer.read_answer()), "GET /after ");
  EXPECT_EQ(server.server().stats().body_bytes_reserved, 0U);
}

TEST(HttpSession, LargeAnswerComesWhole) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(get("/big?8000000") + get("/after"));
  EXPECT_EQ(body_of(peer.read_answer()), std::string(8'000'000, 'x'));
  EXPECT_EQ(body_of(peer.read_answer()), "GET /after ");
}

TEST(HttpSession, HeadHasTheLengthButNotTheBody) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send("HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/b"));
  const std::string answer = peer.read_answer(true);
  EXPECT_TRUE(has_field(answer, "Content-Length: 8"));
  EXPECT_EQ(body_of(answer), "");
  EXPECT_EQ(body_of(peer.read_answer()), "GET /b ");
}

TEST(HttpSession, NoContentHasNeitherLengthNorBody) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(get("/nothing") + get("/b"));
  const std::string answer = peer.read_answer();
  EXPECT_EQ(status_of(answer), 204);
  EXPECT_THAT(answer, Not(HasSubstr("Content-")));
  EXPECT_EQ(body_of(peer.read_answer()), "GET /b ");
}

TEST(HttpSession, ClosesWhenAskedTo) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send("GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string answer = peer.read_to_end();
  EXPECT_TRUE(has_field(answer, "Connection: close"));
  EXPECT_THAT(answer, EndsWith("GET /a "));
}

TEST(HttpSession, OnlyTheLastAnswerSaysClose) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(get("/a") + "GET /b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" +
            get("/never"));
  const std::string first = peer.read_answer();
  EXPECT_FALSE(has_field(first, "Connection: close"));
  EXPECT_TRUE(has_field(peer.read_answer(), "Connection: close"));
  EXPECT_EQ(peer.read_to_end(), "");
}

TEST(HttpSession, Http10ClosesUnlessAskedToKeepAlive) {
  TestServer server;
  RawPeer closing = server.connect();
  closing.send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_THAT(closing.read_to_end(), EndsWith("GET /a "));

  RawPeer keeping = server.connect();
  keeping.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(has_field(keeping.read_answer(), "Connection: keep-alive"));
  keeping.send("GET /b HTTP/1.0\r\n\r\n");
  EXPECT_THAT(keeping.read_to_end(), EndsWith("GET /b "));
}

TEST(HttpSession, ChunkedBodyInAnyTwoPieces) {
  TestServer server;
  RawPeer peer = server.connect();
  const std::string request =
      "POST /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4\r\nWiki\r\n6;name=\"v\"\r\npedia \r\n00E\r\nin \r\n\r\nchunks.\r\n0\r\nTrailer: x\r\n\r\n";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    peer.send(request.substr(0, cut));
    peer.send(request.substr(cut));
    ASSERT_EQ(body_of(peer.read_answer()), "POST /c Wikipedia in \r\n\r\nchunks.")
        << "cut at " << cut;
  }
}

TEST(HttpSession, LargeChunkedBodyBetweenOthers) {
  TestServer server;
  RawPeer peer = server.connect();
  std::string chunks;
  std::string body;
  for (int i = 1; i <= 400; ++i) {
    const std::string piece(static_cast<std::size_t>(i) * 20, static_cast<char>('a' + i % 26));
    char size[16];
    std::snprintf(size, sizeof size, "%zx", piece.size());
    chunks.append(size).append("\r\n").append(piece).append("\r\n");
    body += piece;
  }
  peer.send(get("/before") +
            "POST /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks +
            "0\r\n\r\n" + get("/after"));
  EXPECT_EQ(body_of(peer.read_answer()), "GET /before ");
  EXPECT_EQ(body_of(peer.read_answer()), "POST /c " + body);
  EXPECT_EQ(body_of(peer.read_answer()), "GET /after ");
}

TEST(HttpSession, EmptyChunkedBody) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send("POST /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
            get("/after"));
  EXPECT_EQ(body_of(peer.read_answer()), "POST /c ");
  EXPECT_EQ(body_of(peer.read_answer()), "GET /after ");
}

TEST(HttpSession, InvitesABodyThatWaitsForIt) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(
      "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(peer.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("abc");
  EXPECT_EQ(body_of(peer.read_answer()), "POST /a abc");
}

TEST(HttpSession, EmptyLinesBeforeARequestAreForgiven) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(post("/a", "x") + "\r\n\r\n" + get("/b"));
  EXPECT_EQ(body_of(peer.read_answer()), "POST /a x");
  EXPECT_EQ(body_of(peer.read_answer()), "GET /b ");
}

TEST(HttpSession, AbortedReplyClosesAfterWhatPrecedesIt) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(get("/a") + get("/held/1") + get("/b"));
  server.held.wait_for(1);
  server.held.abort("/held/1");
  EXPECT_EQ(body_of(peer.read_answer()), "GET /a ");
  EXPECT_EQ(peer.read_to_end(), "");
}

TEST(HttpSession, ForgottenReplyClosesTheConnection) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(get("/forgotten"));
  EXPECT_EQ(peer.read_to_end(), "");
  EXPECT_EQ(server.server().stats().aborted, 1U);
}

TEST(HttpSession, HandlerThatThrowsEndsItsConnectionOnly) {
  TestServer server;
  RawPeer peer = server.connect();
  peer.send(get("/held/1") + get("/throws") + get("/never"));
  server.held.wait_for(1);
  RawPeer other = server.connect();
  other.send(get("/a"));
  EXPECT_EQ(body_of(other.read_answer()), "GET /a ");
  server.held.answer("/held/1");
  EXPECT_EQ(peer.read_to_end(), "");
  server.server().stop();
  EXPECT_EQ(server.server().stats().failures, 1U);
}

TEST(HttpSession, PeerThatLeavesWhileItsAnswerIsHeldHarmsNobody) {
  TestServer server;
  {
    RawPeer peer = server.connect();
    peer.send(get("/held/1"));
    server.held.wait_for(1);
  }
  server.held.answer("/held/1");
  RawPeer other = server.connect();
  other.send(get("/a"));
  EXPECT_EQ(body_of(other.read_answer()), "GET /a ");
}

TEST(HttpSession, AnswersAllThreadsConnections) {
  TestServer server({.threads = 3});
  std::vector<RawPeer> peers;
  for (int i = 0; i < 9; ++i) peers.push_back(server.connect());
  for (RawPeer& peer : peers) peer.send(get("/a"));
  for (RawPeer& peer : peers) EXPECT_EQ(body_of(peer.read_answer()), "GET /a ");
  EXPECT_EQ(server.server().stats().connections_accepted, 9U);
  EXPECT_EQ(server.server().stats().responses[1], 9U);
}

}  // namespace
}  // namespace tally::net
