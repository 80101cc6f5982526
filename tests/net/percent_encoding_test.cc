#include "net/percent_encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace tally::net {
namespace {

TEST(PercentEncoding, LeavesOnlyWhatMeansNothingInAUrl) {
  EXPECT_EQ(percent_encoded("az AZ 09-._~"), "az%20AZ%2009-._~");
  EXPECT_EQ(percent_encoded(R"({a=~".+"} | seq >= 1)"),
            "%7Ba%3D~%22.%2B%22%7D%20%7C%20seq%20%3E%3D%201");
  EXPECT_EQ(percent_encoded("\xC3\xA4"), "%C3%A4");
}

TEST(PercentEncoding, IsUndone) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decoded(percent_encoded(all)), all);
  EXPECT_EQ(percent_decoded("a+b%2c%2C"), "a+b,,");
  EXPECT_EQ(percent_decoded(""), "");
}

TEST(PercentEncoding, ThatIsCutShortOrNoneIsRefused) {
  for (const char* text : {"%", "%2", "a%2", "%zz", "%2z", "%-1", "%%20"}) {
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tally::net
