#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/tidy/rules.h"

namespace tally::tidy {

namespace {

// All CMakeLists.txt by folder ("" is the root), each as a list of words without comments, where
// parentheses are words of their own.
using Words = std::vector<std::string>;

Words cmake_words(std::string_view text) {
  std::string spaced;
  for_each_line(text, [&](int, std::string_view line) {
    for (const char c : line.substr(0, line.find('#'))) {
      if (c == '(' || c == ')') spaced += ' ';
      spaced += c == '"' ? ' ' : c;
      if (c == '(' || c == ')') spaced += ' ';
    }
    spaced += '\n';
  });
  std::istringstream stream(spaced);
  return {std::istream_iterator<std::string>(stream), {}};
}

std::map<std::string, Words> cmake_lists(const SourceTree& tree) {
  std::map<std::string, Words> lists;
  for (const SourceFile& file : tree) {
    if (file.name() != "CMakeLists.txt") continue;
    const std::size_t slash = file.path.rfind('/');
    lists[slash == std::string::npos ? "" : file.path.substr(0, slash)] = cmake_words(file.text);
  }
  return lists;
}

bool contains(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// The words between the parentheses of every call of `command`.
Words arguments_of(const Words& words, std::string_view command) {
  Words arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != command) continue;
    for (++i; i < words.size() && words[i] != ")"; ++i) arguments.push_back(words[i]);
  }
  return arguments;
}

// Calls `listed` with the words of each CMakeLists.txt above `path` and the path as seen from
// there; true if one of the calls was.
template <class Listed>
bool in_some_list(const std::map<std::string, Words>& lists, const std::string& path,
                  Listed listed) {
  for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const auto list = lists.find(path.substr(0, slash));
    if (list != lists.end() && listed(list->second, path.substr(slash + 1))) return true;
  }
  return false;
}

}  // namespace

Findings sources_in_no_target(const SourceTree& tree) {
  Findings findings;
  const auto lists = cmake_lists(tree);
  for (const SourceFile& file : tree) {
    if (file.extension() != "cc" || in_some_list(lists, file.path, contains)) continue;
    findings.push_back(file.path + ": no CMakeLists.txt lists it, so nothing builds it");
  }
  return findings;
}

Findings tests_not_in_ctest(const SourceTree& tree) {
  Findings findings;
  const auto lists = cmake_lists(tree);
  for (const SourceFile& file : tree) {
    if (!file.name().ends_with("_test.cc")) continue;
    const auto in_tally_test = [](const Words& words, const std::string& path) {
      return contains(arguments_of(words, "tally_test"), path);
    };
    if (file.folder() == "tests" && in_some_list(lists, file.path, in_tally_test)) continue;
    findings.push_back(file.path + ": list it in a tally_test(…) under tests/, else it never runs");
  }
  return findings;
}

Findings folders_not_built(const SourceTree& tree) {
  Findings findings;
  const auto lists = cmake_lists(tree);
  for (const auto& [folder, words] : lists) {
    if (folder.empty()) continue;
    const std::size_t slash = folder.rfind('/');
    const auto parent = lists.find(slash == std::string::npos ? "" : folder.substr(0, slash));
    const std::string name = folder.substr(slash + 1);
    if (parent != lists.end() && contains(arguments_of(parent->second, "add_subdirectory"), name)) {
      continue;
    }
    findings.push_back(folder + "/CMakeLists.txt: no add_subdirectory(" + name + ") leads to it");
  }
  return findings;
}

}  // namespace tally::tidy
