#include "net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/net/test_server.h"

namespace tally::net {
namespace {

using testing::HasSubstr;

constexpr ClientTimeouts kTimeouts{};

HttpClient connect_to(TestServer& server, std::string_view base = "") {
  const auto url = Url::parse("http://" + server.server().address() + std::string(base));
  return HttpClient::connect(url.value(), kTimeouts).value();
}

TEST(HttpClient, PostsAndGetsOnOneConnection) {
  TestServer server;
  HttpClient client = connect_to(server);
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.post("/a", "application/json", "{}");
    ASSERT_TRUE(answer.has_value()) << to_string(answer.error());
    EXPECT_EQ(answer.value().status, 200);
    EXPECT_EQ(answer.value().body, "POST /a {}");
    EXPECT_EQ(answer.value().content_type, "text/plain");
  }
  EXPECT_EQ(client.get("/b").value().body, "GET /b ");
  EXPECT_EQ(server.server().stats().connections_accepted, 1U);
}

TEST(HttpClient, PutsTheUrlsPathInFront) {
  TestServer server;
  EXPECT_EQ(connect_to(server, "/tally/").get("/b").value().body, "GET /tally/b ");
}

TEST(HttpClient, LargeBodiesBothWays) {
  TestServer server;
  HttpClient client = connect_to(server);
  const std::string body(2'000'000, 'b');
  EXPECT_EQ(client.post("/a", "text/plain", body).value().body, "POST /a " + body);
}

TEST(HttpClient, RefusalIsAnAnswer) {
  TestServer server({.body_bytes_max = 10});
  HttpClient client = connect_to(server);
  EXPECT_EQ(client.post("/a", "text/plain", std::string(100'000, 'x')).value().status, 413);
  EXPECT_EQ(client.get("/a").value().status, 200) << "on a new connection";
}

TEST(HttpClient, SaysWhatToDoWhenNobodyListens) {
  std::string address;
  {
    TestServer server;
    address = server.server().address();
  }
  const auto client = HttpClient::connect(Url::parse(address).value(), kTimeouts);
  ASSERT_FALSE(client.has_value());
  EXPECT_EQ(client.error().code, Errc::not_found);
  EXPECT_THAT(client.error().context, HasSubstr(address));
  EXPECT_THAT(client.error().context, HasSubstr("tally serve"));
}

TEST(HttpClient, UnansweredRequestIsIndeterminate) {
  TestServer server;
  HttpClient client = connect_to(server);
  const auto answer = client.get("/forgotten");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, Errc::indeterminate);
  EXPECT_EQ(client.get("/a").value().status, 200) << "on a new connection";
}

TEST(HttpClient, UnansweredRequestEndsWithItsTimeout) {
  TestServer server;
  const auto url = Url::parse(server.server().address()).value();
  HttpClient client =
      HttpClient::connect(url, {.connect = kTimeouts.connect, .answer = std::chrono::seconds(1)})
          .value();
  EXPECT_EQ(client.get("/held/1").error().code, Errc::indeterminate);
  // It was sent, and the server must not be left with it.
  server.held.wait_for(1);
  server.held.answer("/held/1");
}

}  // namespace
}  // namespace tally::net
