#include "query/csv_text.h"

#include <gtest/gtest.h>

namespace tally::query {
namespace {

std::string cell(std::string_view text) {
  std::string out;
  append_csv_cell(out, text);
  return out;
}

TEST(CsvText, QuotesWhatHasTo) {
  EXPECT_EQ(cell("plain text"), "plain text");
  EXPECT_EQ(cell("a,b"), "\"a,b\"");
  EXPECT_EQ(cell("say \"no\""), "\"say \"\"no\"\"\"");
  EXPECT_EQ(cell("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(cell(""), "");
}

TEST(CsvText, NoCellIsAFormula) {
  EXPECT_EQ(cell("=1+2"), "'=1+2");
  EXPECT_EQ(cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(cell("+49 30"), "'+49 30");
  EXPECT_EQ(cell("-cmd"), "'-cmd");
  EXPECT_EQ(cell("-"), "'-");
  EXPECT_EQ(cell("\tx"), "'\tx");
  EXPECT_EQ(cell("\r=x"), "\"'\r=x\"");
  EXPECT_EQ(cell("-12.5"), "-12.5");
  EXPECT_EQ(cell("web-1"), "web-1");
}

}  // namespace
}  // namespace tally::query
