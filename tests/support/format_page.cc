#include "tests/support/format_page.h"

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace tally::tests {
namespace {

/// The bytes of one line; none: it does not go on at `offset`.
std::string dumped(const std::string& line, std::size_t offset) {
  std::istringstream in(line);
  std::string word;
  in >> word;
  char expected[24];
  std::snprintf(expected, sizeof expected, "%04zx", offset);
  if (word != expected) return {};
  const std::size_t text = line.find("  ", word.size() + 2);
  std::istringstream hex(line.substr(word.size(), text - word.size()));
  std::string bytes;
  while (hex >> word) bytes.push_back(static_cast<char>(std::stoi(word, nullptr, 16)));
  return bytes;
}

}  // namespace

std::string dumped_bytes(const std::string& page) {
  std::ifstream text(TALLY_SOURCE_DIR "/" + page);
  std::string shown;
  for (std::string line; std::getline(text, line);) shown += dumped(line, shown.size());
  return shown;
}

}  // namespace tally::tests
