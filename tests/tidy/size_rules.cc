#include <algorithm>
#include <string>
#include <string_view>

#include "tests/tidy/cpp_text.h"
#include "tests/tidy/rules.h"

namespace tally::tidy {

namespace {

constexpr std::ptrdiff_t kColumnsMax = 100;
constexpr std::ptrdiff_t kFileLinesMax = 500;
constexpr int kFunctionLinesMax = 70;

// Code points, so that "…" is one column.
std::ptrdiff_t columns(std::string_view line) {
  return std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
}

}  // namespace

Findings long_lines(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    for_each_line(file.text, [&](int number, std::string_view line) {
      if (columns(line) <= kColumnsMax) return;
      findings.push_back(file.path + ":" + std::to_string(number) + ": " +
                         std::to_string(columns(line)) + " columns, at most 100");
    });
  }
  return findings;
}

Findings long_files(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    const std::ptrdiff_t lines = std::ranges::count(file.text, '\n');
    if (!file.is_cpp() || lines <= kFileLinesMax) continue;
    findings.push_back(file.path + ": " + std::to_string(lines) + " lines, at most 500: split it");
  }
  return findings;
}

Findings long_functions(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    for (const FunctionBody& body : function_bodies(code_only(file.text))) {
      if (body.lines <= kFunctionLinesMax) continue;
      findings.push_back(file.path + ":" + std::to_string(body.first_line) + ": a function of " +
                         std::to_string(body.lines) + " lines, at most 70: split it");
    }
  }
  return findings;
}

}  // namespace tally::tidy
