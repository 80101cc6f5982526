#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/tidy/cpp_text.h"
#include "tests/tidy/rules.h"
#include "tests/tidy/source_tree.h"

namespace tally::tidy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const SourceTree& project() {
  static const SourceTree kTree = read_source_tree(TALLY_SOURCE_DIR);
  return kTree;
}

SourceTree one_file(std::string path, std::string text) {
  return {{std::move(path), std::move(text)}};
}

// Every rule twice: the project keeps it, and a small example shows that it can be broken.

TEST(SourceTree, HoldsTheProject) { EXPECT_GT(project().size(), 50u); }

TEST(Layering, IncludesFollowTheArrows) {
  EXPECT_THAT(includes_against_the_arrows(project()), IsEmpty());
}

TEST(Layering, IncludeAgainstAnArrowIsFound) {
  const auto tree = one_file("store/x.h", "#pragma once\n#include \"net/session.h\"\n");
  EXPECT_THAT(includes_against_the_arrows(tree),
              ElementsAre(HasSubstr("store/x.h:2: store must not include from net")));
  EXPECT_THAT(includes_against_the_arrows(one_file("ingest/x.h", "#include \"query/filter.h\"\n")),
              SizeIs(1));
  EXPECT_THAT(includes_against_the_arrows(one_file("query/x.cc", "#include \"app/config.h\"\n")),
              SizeIs(1));
  EXPECT_THAT(includes_against_the_arrows(one_file("tests/x.cc", "#include \"app/config.h\"\n")),
              IsEmpty());
}

TEST(Layering, ThirdPartyHeadersAreInTheirPlaces) {
  EXPECT_THAT(third_party_out_of_place(project()), IsEmpty());
}

TEST(Layering, ThirdPartyHeaderOutOfPlaceIsFound) {
  const auto tree = one_file("query/x.cc", "#include <vector>\n#include <boost/beast/core.hpp>\n");
  EXPECT_THAT(third_party_out_of_place(tree),
              ElementsAre(HasSubstr("query/x.cc:2: boost/beast/core.hpp has no place in query")));
  EXPECT_THAT(third_party_out_of_place(one_file("model/x.cc", "#include <fmt/core.h>\n")),
              SizeIs(1));
}

TEST(Layering, HeavyHeadersDoNotSpread) {
  EXPECT_THAT(heavy_headers_in_headers(project()), IsEmpty());
}

TEST(Layering, HeavyHeaderInASharedHeaderIsFound) {
  const auto tree = [](std::string user) {
    return SourceTree{{"store/x.h", "#include <zstd.h>\n"}, {user, "#include \"store/x.h\"\n"}};
  };
  EXPECT_THAT(heavy_headers_in_headers(tree("store/y.h")), SizeIs(1));
  EXPECT_THAT(heavy_headers_in_headers(tree("query/y.cc")), SizeIs(1));
  EXPECT_THAT(heavy_headers_in_headers(tree("store/y.cc")), IsEmpty());
}

TEST(Build, EverySourceIsInATarget) { EXPECT_THAT(sources_in_no_target(project()), IsEmpty()); }

TEST(Build, SourceInNoTargetIsFound) {
  const SourceTree tree = {
      {"store/CMakeLists.txt", "tally_library(store SOURCES\n  a.cc) # b.cc\n"},
      {"store/a.cc", ""},
      {"store/b.cc", ""}};
  EXPECT_THAT(sources_in_no_target(tree), ElementsAre(HasSubstr("store/b.cc")));
}

TEST(Build, EveryTestIsInCtest) { EXPECT_THAT(tests_not_in_ctest(project()), IsEmpty()); }

TEST(Build, TestNotInCtestIsFound) {
  const SourceTree tree = {
      {"tests/store/CMakeLists.txt",
       "tally_test(store SOURCES a_test.cc)\nadd_executable(other b_test.cc)\n"},
      {"tests/store/a_test.cc", ""},
      {"tests/store/b_test.cc", ""},
      {"store/c_test.cc", ""}};
  EXPECT_THAT(tests_not_in_ctest(tree),
              ElementsAre(HasSubstr("tests/store/b_test.cc"), HasSubstr("store/c_test.cc")));
}

TEST(Build, EveryFolderIsReached) { EXPECT_THAT(folders_not_built(project()), IsEmpty()); }

TEST(Build, FolderNotReachedIsFound) {
  const SourceTree tree = {{"CMakeLists.txt", "add_subdirectory(a)\n# add_subdirectory(b)\n"},
                           {"a/CMakeLists.txt", ""},
                           {"b/CMakeLists.txt", ""}};
  EXPECT_THAT(folders_not_built(tree), ElementsAre(HasSubstr("b/CMakeLists.txt")));
}

TEST(Size, LinesHaveAtMost100Columns) { EXPECT_THAT(long_lines(project()), IsEmpty()); }

TEST(Size, LongLineIsFound) {
  EXPECT_THAT(long_lines(one_file("a.cc", std::string(100, 'x') + "\n")), IsEmpty());
  EXPECT_THAT(long_lines(one_file("a.cc", std::string(101, 'x') + "\n")),
              ElementsAre(HasSubstr("a.cc:1: 101 columns")));
  std::string dots;
  for (int i = 0; i < 100; ++i) dots += "…";
  EXPECT_THAT(long_lines(one_file("a.cc", dots)), IsEmpty());
}

TEST(Size, FilesHaveAtMost500Lines) { EXPECT_THAT(long_files(project()), IsEmpty()); }

TEST(Size, LongFileIsFound) {
  EXPECT_THAT(long_files(one_file("a.cc", std::string(500, '\n'))), IsEmpty());
  EXPECT_THAT(long_files(one_file("a.cc", std::string(501, '\n'))), SizeIs(1));
}

TEST(Size, FunctionsHaveAtMost70Lines) { EXPECT_THAT(long_functions(project()), IsEmpty()); }

TEST(Size, LongFunctionIsFound) {
  const std::string head = "namespace x {\nclass A {\n  int f(int y = 3) const {\n";
  const std::string tail = "  }\n};\n}\n";
  EXPECT_THAT(long_functions(one_file("a.cc", head + std::string(68, '\n') + tail)), IsEmpty());
  EXPECT_THAT(long_functions(one_file("a.cc", head + std::string(69, '\n') + tail)),
              ElementsAre(HasSubstr("a.cc:3: a function of 71 lines")));
}

TEST(Size, TablesAreNotFunctions) {
  const std::string table = "const Case kCases[f(2)] = {\n" + std::string(90, '\n') + "};\n";
  EXPECT_THAT(long_functions(one_file("a.cc", table)), IsEmpty());
}

TEST(CppText, LiteralsAndCommentsAreBlank) {
  EXPECT_EQ(code_only("a(\"{\\\"\"); // {\n'{' /* {\n */ 1'000 R\"x({)\")x\" b"),
            "a(\"   \");     \n' '     \n    1'000 R        \" b");
}

TEST(Wording, NoBannedWords) { EXPECT_THAT(banned_words(project()), IsEmpty()); }

TEST(Wording, BannedWordIsFoundAndReplaced) {
  const auto found = [](std::string path, std::string line) {
    return banned_words(one_file(std::move(path), std::move(line)));
  };
  EXPECT_THAT(found("net/x.cc", "co_spawn(e, f(), detached);"),
              ElementsAre(HasSubstr("use net/spawn.h")));
  EXPECT_THAT(found("net/x.cc", "std::thread t(f);"), ElementsAre(HasSubstr("std::jthread")));
  EXPECT_THAT(found("net/x.cc", "auto* p = new Session;"), ElementsAre(HasSubstr("make_unique")));
  EXPECT_THAT(found("net/x.cc", "f(new Session);"), SizeIs(1));
  EXPECT_THAT(found("net/x.cc", "throw Error();"), ElementsAre(HasSubstr("Result")));
  EXPECT_THAT(found("tests/x.cc", "std::this_thread::sleep_for(1s);"), SizeIs(1));
  EXPECT_THAT(found("net/x.h", "using namespace std;"), SizeIs(1));
  EXPECT_THAT(found("net/x.cc", "spawn([this]() mutable -> net::awaitable<void> {});"), SizeIs(1));
  EXPECT_THAT(found("net/x.cc", "#define LIMIT 3"), SizeIs(1));
  EXPECT_THAT(found("net/x.cc", "// TODO: later"), SizeIs(1));
}

TEST(Wording, WordsInCommentsAndNamesAreFree) {
  EXPECT_THAT(banned_words(one_file("net/x.cc",
                                    "// a new thread, detached\n"
                                    "int new_count = std::thread::hardware_concurrency();\n"
                                    "std::unique_ptr<Store> store(new Store(parts));\n"
                                    "puts(\"throw\");\n")),
              IsEmpty());
}

TEST(Wording, FilesAreNamedByWhatIsInThem) { EXPECT_THAT(banned_file_names(project()), IsEmpty()); }

TEST(Wording, DumpingGroundIsFound) {
  for (const char* name : {"utils.h", "string_util.cc", "common.h", "session_manager.h"}) {
    EXPECT_THAT(banned_file_names(one_file("net/" + std::string(name), "")), SizeIs(1)) << name;
  }
  EXPECT_THAT(banned_file_names(one_file("net/commonest_words.h", "")), IsEmpty());
}

TEST(Wording, FileNamesAreUnique) { EXPECT_THAT(file_names_used_twice(project()), IsEmpty()); }

TEST(Wording, FileNameUsedTwiceIsFound) {
  const SourceTree tree = {{"net/batch.h", ""}, {"store/batch.h", ""}, {"store/batch.cc", ""}};
  EXPECT_THAT(file_names_used_twice(tree),
              ElementsAre(HasSubstr("store/batch.h: has the name of net/batch.h")));
}

TEST(Wording, HeadersBeginWithPragmaOnce) {
  EXPECT_THAT(headers_without_pragma_once(project()), IsEmpty());
}

TEST(Wording, HeaderWithoutPragmaOnceIsFound) {
  EXPECT_THAT(headers_without_pragma_once(one_file("net/a.h", "#ifndef A_H\n")), SizeIs(1));
}

TEST(Wording, NoWorkplaceIsMentioned) { EXPECT_THAT(mentions_of_workplaces(project()), IsEmpty()); }

TEST(Wording, WorkplaceIsFound) {
  EXPECT_THAT(mentions_of_workplaces(one_file("README.md", "cd /home/ada/tally\n")), SizeIs(1));
  EXPECT_THAT(mentions_of_workplaces(one_file("a.json", "\"resolved\": \"https://x\"")), SizeIs(1));
  EXPECT_THAT(mentions_of_workplaces(one_file("README.md", "cd ./work/x ~/home/y\n")), IsEmpty());
}

TEST(Wording, PagesThatAreMentionedExist) {
  EXPECT_THAT(mentions_of_missing_pages(project()), IsEmpty());
}

TEST(Wording, MissingPageIsFound) {
  const auto tree = one_file("docs/STYLE.md", "See docs/STYLE.md,\nnot notes.md.\n");
  EXPECT_THAT(mentions_of_missing_pages(tree),
              ElementsAre(HasSubstr("docs/STYLE.md:2: notes.md is not in the tree")));
}

}  // namespace
}  // namespace tally::tidy
