#include <re2/re2.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/tidy/cpp_text.h"
#include "tests/tidy/rules.h"

namespace tally::tidy {

namespace {

enum class Where { everywhere, headers, tests, outside_tests };

// Looked for in every line of code, without comments and literals.
struct BannedWord {
  const char* pattern;
  const char* unless;  // a line that matches this is fine; empty: none is
  const char* what;
  const char* instead;
  Where where = Where::everywhere;
};

constexpr BannedWord kBannedWords[] = {
    {R"(\bdetached\b)", "", "detached swallows exceptions", "use net/spawn.h"},
    {R"(\bstd::thread\b)", R"(\bstd::thread::)", "std::thread", "use a std::jthread of an owner"},
    // A private constructor is out of make_unique's reach.
    {R"(\bnew\s+\w)", R"(unique_ptr<.*\(new\b)", "new", "use std::make_unique"},
    // Tests throw what a library could throw.
    {R"(\bthrow\b)", "", "throw", "return a Result", Where::outside_tests},
    {R"(\bsleep_(for|until)\b|\bu?sleep\()", "", "a sleep is no synchronisation",
     "wait for the event itself, or inject the clock", Where::tests},
    {R"(\busing\s+namespace\b)", "", "using namespace", "name what is used", Where::headers},
    {R"(\)[\w\s]*->\s*[\w:]*awaitable<)", "", "a lambda that is a coroutine", "name the function"},
    {R"(#\s*define\s)", R"(#\s*define\s+TALLY_)", "a macro", "use a constant or a function"},
};

bool applies(const BannedWord& word, const SourceFile& file) {
  if (word.where == Where::headers) return file.is_header();
  if (word.where == Where::tests) return file.folder() == "tests";
  if (word.where == Where::outside_tests) return file.folder() != "tests";
  return true;
}

std::string at(const SourceFile& file, int line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

bool matches(std::string_view text, const RE2& pattern) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

// These files have to spell out what the others must not say.
bool not_tidy(const SourceFile& file) { return !file.path.starts_with("tests/tidy/"); }

void find_word(const BannedWord& word, const SourceFile& file, std::string_view code,
               Findings& findings) {
  const RE2 pattern(word.pattern);
  if (!matches(code, pattern)) return;
  const RE2 unless(word.unless);
  for_each_line(code, [&](int number, std::string_view line) {
    if (!matches(line, pattern) || (*word.unless != '\0' && matches(line, unless))) return;
    findings.push_back(at(file, number) + word.what + ": " + word.instead);
  });
}

void find_pattern(const RE2& pattern, std::string_view what, const SourceFile& file,
                  Findings& findings) {
  if (!matches(file.text, pattern)) return;
  for_each_line(file.text, [&](int number, std::string_view line) {
    if (matches(line, pattern)) findings.push_back(at(file, number) + std::string(what));
  });
}

}  // namespace

Findings banned_words(const SourceTree& tree) {
  const RE2 unfinished(R"(\b(TODO|FIXME|XXX)\b)");
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    const std::string code = code_only(file.text);
    for (const BannedWord& word : kBannedWords) {
      if (applies(word, file)) find_word(word, file, code, findings);
    }
    if (not_tidy(file)) find_pattern(unfinished, "do it, or write an issue", file, findings);
  }
  return findings;
}

Findings banned_file_names(const SourceTree& tree) {
  const RE2 dumping_ground("(^|_)(util|helper|common|misc|manager)s?([_.]|$)");
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!matches(file.name(), dumping_ground)) continue;
    findings.push_back(file.path + ": name the file by what is in it");
  }
  return findings;
}

Findings file_names_used_twice(const SourceTree& tree) {
  Findings findings;
  std::map<std::string_view, std::string_view> seen;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    const auto [other, first] = seen.emplace(file.name(), file.path);
    if (first) continue;
    findings.push_back(file.path + ": has the name of " + std::string(other->second));
  }
  return findings;
}

Findings headers_without_pragma_once(const SourceTree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_header() || file.text.starts_with("#pragma once\n")) continue;
    findings.push_back(file.path + ":1: a header begins with #pragma once");
  }
  return findings;
}

Findings mentions_of_workplaces(const SourceTree& tree) {
  // What only the author's own computer has: absolute paths into personal folders, and the
  // addresses from which npm happened to fetch packages.
  const RE2 workplace(R"((?m)(^|[^\w.~])/(home|root|work|Users)/\w|"resolved": ")");
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!not_tidy(file)) continue;
    find_pattern(workplace, "names something that only one computer has", file, findings);
  }
  return findings;
}

Findings mentions_of_missing_pages(const SourceTree& tree) {
  const RE2 mention(R"(([\w-]+\.md)\b)");
  std::set<std::string_view> pages;
  for (const SourceFile& file : tree) pages.insert(file.name());
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!not_tidy(file) || !matches(file.text, mention)) continue;
    for_each_line(file.text, [&](int number, std::string_view line) {
      re2::StringPiece rest(line.data(), line.size());
      std::string page;
      while (RE2::FindAndConsume(&rest, mention, &page)) {
        if (!pages.contains(page)) {
          findings.push_back(at(file, number) + page + " is not in the tree");
        }
      }
    });
  }
  return findings;
}

}  // namespace tally::tidy
