#include "net/listen_address.h"

#include <gtest/gtest.h>

namespace tally::net {
namespace {

TEST(ListenAddress, IsReadAndWritten) {
  const auto round_trip = [](std::string_view text) {
    return to_string(parse_listen_address(text).value());
  };
  EXPECT_EQ(round_trip("127.0.0.1:7514"), "127.0.0.1:7514");
  EXPECT_EQ(round_trip("[::1]:7514"), "[::1]:7514");
  EXPECT_EQ(round_trip("localhost:80"), "127.0.0.1:80");
  EXPECT_EQ(round_trip(":7514"), "[::]:7514");
}

TEST(ListenAddress, RefusesWhatIsNone) {
  for (const char* text : {"", "7514", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000",
                           "example.org:80", "::1:80", "[127.0.0.1]:80", "127.0.0.1:80 "}) {
    EXPECT_FALSE(parse_listen_address(text).has_value()) << text;
  }
}

TEST(ListenAddress, EveryAddressIsBothFamilies) {
  boost::asio::io_context context;
  auto acceptor = listen(parse_listen_address(":0").value(), context.get_executor());
  ASSERT_TRUE(acceptor.has_value()) << to_string(acceptor.error());
  boost::asio::ip::tcp::socket socket(context);
  boost::system::error_code error;
  socket.connect(
      {boost::asio::ip::make_address("127.0.0.1"), acceptor.value().local_endpoint().port()},
      error);
  EXPECT_FALSE(error) << error.message();
}

}  // namespace
}  // namespace tally::net
