#pragma once

#include <string>
#include <vector>

#include "tests/tidy/source_tree.h"

namespace tally::tidy {

// The rules of docs/STYLE.md and docs/ARCHITECTURE.md that a program can check. Each returns what
// breaks it, as "path:line: what is wrong and what to do".

using Findings = std::vector<std::string>;

// Layering (layering_rules.cc).
Findings includes_against_the_arrows(const SourceTree& tree);
Findings third_party_out_of_place(const SourceTree& tree);
Findings heavy_headers_in_headers(const SourceTree& tree);

// Build (build_rules.cc).
Findings sources_in_no_target(const SourceTree& tree);
Findings tests_not_in_ctest(const SourceTree& tree);
Findings folders_not_built(const SourceTree& tree);

// Size (size_rules.cc).
Findings long_lines(const SourceTree& tree);
Findings long_files(const SourceTree& tree);
Findings long_functions(const SourceTree& tree);

// Wording (wording_rules.cc).
Findings banned_words(const SourceTree& tree);
Findings banned_file_names(const SourceTree& tree);
Findings file_names_used_twice(const SourceTree& tree);
Findings headers_without_pragma_once(const SourceTree& tree);
Findings mentions_of_workplaces(const SourceTree& tree);
Findings mentions_of_missing_pages(const SourceTree& tree);

}  // namespace tally::tidy
