#include "net/http_date.h"

#include <gtest/gtest.h>

namespace tally::net {
namespace {

TEST(HttpDate, IsWrittenAsTheProtocolWantsIt) {
  EXPECT_EQ(format_http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace tally::net
