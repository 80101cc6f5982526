#include "net/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/net/test_server.h"

namespace tally::net {
namespace {

using testing::HasSubstr;

TEST(HttpServer, NamesTheAddressThatItListensOn) {
  TestServer server;
  EXPECT_THAT(server.server().address(), testing::MatchesRegex("127\\.0\\.0\\.1:[1-9][0-9]*"));
}

TEST(HttpServer, RefusesAnAddressInUseAndSaysHowToFindItsHolder) {
  TestServer server;
  const auto second =
      HttpServer::start({.address = server.server().address()}, [](IoThread&) { return nullptr; });
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Errc::held);
  EXPECT_THAT(second.error().context, HasSubstr("ss -ltnp"));
}

TEST(HttpServer, RefusesOptionsThatMakeNoSense) {
  const auto start = [](HttpServerOptions options) {
    return HttpServer::start(std::move(options), [](IoThread&) { return nullptr; });
  };
  EXPECT_EQ(start({.address = "nowhere"}).error().code, Errc::invalid);
  EXPECT_EQ(start({.address = "127.0.0.1:0", .threads = 0}).error().code, Errc::invalid);
  EXPECT_EQ(start({.address = "127.0.0.1:0", .connections_max = 0}).error().code, Errc::invalid);
  EXPECT_EQ(start({.address = "127.0.0.1:0", .head_bytes_max = 1 << 20}).error().code,
            Errc::invalid);
  EXPECT_EQ(start({.address = "127.0.0.1:0", .body_budget_bytes = 1}).error().code, Errc::invalid);
}

TEST(HttpServer, ConnectionsPastTheLimitWaitTheirTurn) {
  TestServer server({.connections_max = 2});
  RawPeer first = server.connect();
  first.send(get("/1"));
  EXPECT_EQ(status_of(first.read_answer()), 200);
  auto second = std::make_unique<RawPeer>(server.connect());
  second->send(get("/2"));
  EXPECT_EQ(status_of(second->read_answer()), 200);

  RawPeer third = server.connect();
  third.send(get("/3"));
  first.send(get("/1"));
  EXPECT_EQ(status_of(first.read_answer()), 200);
  EXPECT_EQ(server.server().stats().connections_accepted, 2U);
  second.reset();
  EXPECT_EQ(body_of(third.read_answer()), "GET /3 ");
}

TEST(HttpServer, StopAnswersWhatIsInFlightAndClosesWhatIsIdle) {
  TestServer server;
  RawPeer idle = server.connect();
  RawPeer busy = server.connect();
  busy.send(get("/held/1"));
  server.held.wait_for(1);
  std::jthread stopping([&] { server.server().stop(); });
  EXPECT_EQ(idle.read_to_end(), "");
  server.held.answer("/held/1");
  const std::string answer = busy.read_to_end();
  EXPECT_EQ(body_of(answer), "held /held/1");
  EXPECT_TRUE(has_field(answer, "Connection: close"));
}

TEST(HttpServer, StopLetsARequestThatIsOnItsWayArrive) {
  TestServer server;
  RawPeer idle = server.connect();
  RawPeer slow = server.connect();
  const std::string request = post("/slow", std::string(100'000, 'x'));
  slow.send(request.substr(0, 50'000));
  while (server.server().stats().body_bytes_reserved == 0) {
  }
  std::jthread stopping([&] { server.server().stop(); });
  EXPECT_EQ(idle.read_to_end(), "");
  slow.send(request.substr(50'000));
  EXPECT_EQ(status_of(slow.read_to_end()), 200);
}

TEST(HttpServer, StopClosesWhatDoesNotComeToAnEnd) {
  TestServer server({.drain_limit = std::chrono::seconds(0)});
  RawPeer slow = server.connect();
  slow.send(post("/slow", std::string(100'000, 'x')).substr(0, 50'000));
  while (server.server().stats().body_bytes_reserved == 0) {
  }
  server.server().stop();
  EXPECT_EQ(slow.read_to_end(), "");
}

TEST(HttpServer, StopWaitsForEveryReplyEvenOfClosedConnections) {
  TestServer server({.drain_limit = std::chrono::seconds(0)});
  RawPeer peer = server.connect();
  peer.send(get("/held/1"));
  server.held.wait_for(1);
  std::jthread stopping([&] { server.server().stop(); });
  EXPECT_EQ(peer.read_to_end(), "");
  EXPECT_EQ(server.server().stats().connections_open, 1U);
  server.held.answer("/held/1");
  stopping.join();
  EXPECT_EQ(server.server().stats().connections_open, 0U);
}

TEST(HttpServer, NobodyListensAfterStop) {
  TestServer server;
  const std::string address = server.server().address();
  server.server().stop();
  const auto second = HttpServer::start({.address = address}, [](IoThread&) { return nullptr; });
  EXPECT_TRUE(second.has_value());
}

}  // namespace
}  // namespace tally::net
