#include "net/body_buffer.h"

#include <gtest/gtest.h>

#include <utility>

namespace tally::net {
namespace {

TEST(BodyBuffers, GivesOutAgainWhatCameBack) {
  BodyBuffers buffers;
  BodyBuffer first = buffers.take(1'000'000);
  EXPECT_GE(first.capacity, 1'000'000U);
  const char* const bytes = first.bytes.get();
  buffers.give_back(std::move(first));
  EXPECT_EQ(buffers.take(900'000).bytes.get(), bytes);
}

TEST(BodyBuffers, GivesNoneThatIsTooSmall) {
  BodyBuffers buffers;
  buffers.give_back(buffers.take(100'000));
  EXPECT_GE(buffers.take(1'000'000).capacity, 1'000'000U);
}

}  // namespace
}  // namespace tally::net
