#include "net/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tally::net {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Url, IsReadInAllItsForms) {
  const auto parts = [](std::string_view text) {
    const Url url = Url::parse(text).value();
    return url.host + " " + url.port + " " + url.base;
  };
  EXPECT_EQ(parts("http://127.0.0.1:7514"), "127.0.0.1 7514 ");
  EXPECT_EQ(parts("http://127.0.0.1:7514/"), "127.0.0.1 7514 ");
  EXPECT_EQ(parts("http://host/base/deep/"), "host 7514 /base/deep");
  EXPECT_EQ(parts("host:80"), "host 80 ");
  EXPECT_EQ(parts("host"), "host 7514 ");
  EXPECT_EQ(parts("http://[::1]:9"), "::1 9 ");
}

TEST(Url, AuthorityBracketsIpv6) {
  EXPECT_EQ(authority(Url::parse("[::1]:9").value()), "[::1]:9");
  EXPECT_EQ(authority(Url::parse("host").value()), "host:7514");
}

TEST(Url, SaysWhatIsWrong) {
  const auto complaint = [](std::string_view text) {
    const auto url = Url::parse(text);
    return url ? std::string("none") : url.error().context;
  };
  EXPECT_THAT(complaint("https://host"), HasSubstr("only http://"));
  EXPECT_THAT(complaint("http://"), HasSubstr("host is missing"));
  EXPECT_THAT(complaint("http://host:port"), HasSubstr("port"));
  EXPECT_THAT(complaint("http://host:123456"), HasSubstr("port"));
  EXPECT_THAT(complaint("http://[::1"), HasSubstr("']'"));
  EXPECT_THAT(complaint("http://host/a?b"), HasSubstr("query"));
}

TEST(Url, RefusesAPasswordWithoutRepeatingIt) {
  const auto url = Url::parse("http://user:secret@host");
  ASSERT_FALSE(url.has_value());
  EXPECT_THAT(url.error().context, HasSubstr("password"));
  EXPECT_THAT(url.error().context, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace tally::net
