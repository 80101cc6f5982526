#pragma once

#include <gtest/gtest.h>

#include <memory>

namespace tally::tests {

/// What all tests of a program use: made when the first one asks for it, ended after the last. To
/// be a variable of a namespace, since GoogleTest has to know of it before tests begin. One thread.
template <class T>
class SharedByTests {
 public:
  SharedByTests() {
    testing::AddGlobalTestEnvironment(std::make_unique<EndAfterTests>(shared_).release());
  }

  template <class... Arguments>
  T& get(Arguments... arguments) {
    if (shared_ == nullptr) shared_ = std::make_unique<T>(arguments...);
    return *shared_;
  }

 private:
  class EndAfterTests final : public testing::Environment {
   public:
    explicit EndAfterTests(std::unique_ptr<T>& shared) : shared_(shared) {}
    void TearDown() override { shared_.reset(); }

   private:
    std::unique_ptr<T>& shared_;
  };

  std::unique_ptr<T> shared_;
};

}  // namespace tally::tests
