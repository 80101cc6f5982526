#include "query/table_writer.h"

#include <gtest/gtest.h>

#include <array>

namespace tally::query {
namespace {

void add(TableWriter& table, std::string_view a, std::string_view b, std::string& out) {
  const std::array cells{a, b};
  table.add_row(cells, out);
}

TEST(TableWriter, AlignsColumns) {
  TableWriter table({{"NAME"}, {"COUNT", true}}, false);
  std::string out;
  add(table, "größe", "7", out);
  add(table, "", "12345678", out);
  EXPECT_EQ(out, "");
  table.finish(out);
  EXPECT_EQ(out,
            "NAME      COUNT\n"
            "größe         7\n"
            "-      12345678\n");
}

TEST(TableWriter, WritesNothingWithoutRows) {
  TableWriter table({{"NAME"}}, false);
  std::string out;
  table.finish(out);
  EXPECT_EQ(out, "");
}

TEST(TableWriter, HoldsBackSomeRowsOnly) {
  TableWriter table({{"NAME"}, {"NOTE"}}, false);
  std::string out;
  for (int i = 0; i < 1000; ++i) add(table, "a", "b", out);
  EXPECT_FALSE(out.empty());
  add(table, "longer", "b", out);
  add(table, "a", "b", out);
  EXPECT_TRUE(out.ends_with("\nlonger  b\na     b\n")) << out.substr(out.size() - 30);
  const std::size_t before = out.size();
  table.finish(out);
  EXPECT_EQ(out.size(), before);
}

TEST(TableWriter, AVeryLongCellDoesNotWidenItsColumn) {
  TableWriter table({{"NAME"}, {"NOTE"}}, false);
  std::string out;
  add(table, std::string(300, 'x'), "b", out);
  add(table, "a", "b", out);
  table.finish(out);
  EXPECT_TRUE(out.ends_with("\na" + std::string(49, ' ') + "b\n"));
}

}  // namespace
}  // namespace tally::query
