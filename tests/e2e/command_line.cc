#include "tests/e2e/command_line.h"

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tally::tests {

Ran CommandLine::tally(const std::string& arguments) const {
  const std::string command = "cd " + directory().string() +
                              " && env -u TALLY_DATA -u TALLY_URL " TALLY_PROGRAM " " + arguments +
                              " 2>stderr";
  Ran ran;
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    ran.output += static_cast<char>(c);
  }
  const int ended = ::pclose(pipe);
  ran.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
  return ran;
}

std::string CommandLine::complaint() const {
  std::ifstream file(directory() / "stderr");
  return {std::istreambuf_iterator<char>(file), {}};
}

void CommandLine::write(const std::string& name, const std::string& content) const {
  std::ofstream(directory() / name) << content;
}

bool CommandLine::exists(const std::string& name) const {
  return std::filesystem::exists(directory() / name);
}

}  // namespace tally::tests
