#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "bench/allocation_count.h"
#include "ingest/validator.h"
#include "tests/ingest/event_line_generator.h"

namespace tally::ingest {
namespace {

TEST(ValidatorAllocations, AreNoneOnceItIsWarm) {
  tests::EventLineGenerator generator(7);
  std::string lines;
  std::string array = "[";
  for (int i = 0; i < 5000; ++i) {
    const std::string line = generator.good_line();
    lines += line + (i % 10 == 0 ? "\r\n" : "\n");
    array += (i > 0 ? "," : "") + line;
  }
  array += "]";
  Validator validator;
  for (const auto& [body, form] :
       {std::pair{lines, BodyForm::ndjson}, std::pair{array, BodyForm::array}}) {
    std::string copy;
    copy.reserve(body.size() + Validator::kPadding);
    std::uint64_t before = 0;
    for (int round = 0; round < 2; ++round) {
      copy = body;
      copy.resize(body.size() + Validator::kPadding);
      before = bench::allocation_count();
      ASSERT_EQ(validator.validate({copy.data(), body.size()}, form).count, 5000U);
    }
    EXPECT_EQ(bench::allocation_count() - before, 0U);
  }
}

}  // namespace
}  // namespace tally::ingest
