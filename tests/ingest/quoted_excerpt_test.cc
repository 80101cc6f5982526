#include "ingest/quoted_excerpt.h"

#include <gtest/gtest.h>

namespace tally::ingest {
namespace {

TEST(QuotedExcerpt, QuotesAndEscapes) {
  EXPECT_EQ(quoted_excerpt("a\"b\n"), R"("a\"b\n")");
  EXPECT_EQ(quoted_excerpt("\xff"), "\"\xEF\xBF\xBD\"");
}

TEST(QuotedExcerpt, CutsBetweenCodePoints) {
  EXPECT_EQ(quoted_excerpt(std::string(80, 'x')), '"' + std::string(80, 'x') + '"');
  EXPECT_EQ(quoted_excerpt(std::string(81, 'x')), '"' + std::string(80, 'x') + "…\"");
  EXPECT_EQ(quoted_excerpt(std::string(79, 'x') + "é"), '"' + std::string(79, 'x') + "…\"");
  EXPECT_EQ(quoted_excerpt(std::string(77, 'x') + "🐳x"), '"' + std::string(77, 'x') + "…\"");
}

}  // namespace
}  // namespace tally::ingest
