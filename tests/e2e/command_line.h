#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/temporary_directory.h"

namespace tally::tests {

/// How a program ended, and what it wrote to its standard output.
struct Ran {
  int status = -1;
  std::string output;
};

/// The program as a shell finds it, in a directory of the test's own.
class CommandLine : public testing::Test {
 protected:
  /// Runs `tally ARGUMENTS` by the shell, in a place where no configuration is found.
  Ran tally(const std::string& arguments) const;

  /// What the last run wrote to its standard error.
  std::string complaint() const;

  /// Of a file in the directory.
  void write(const std::string& name, const std::string& content) const;
  bool exists(const std::string& name) const;

  const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  const TemporaryDirectory directory_;
};

}  // namespace tally::tests
