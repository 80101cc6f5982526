#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tally::tidy {

/// `text` with the content of comments, string and character literals replaced by blanks; lines and
/// columns stay where they are. Knows C++ well enough for this project's own sources.
std::string code_only(std::string_view text);

/// A function's body in a file, from the line of its opening brace to that of its closing one.
struct FunctionBody {
  int first_line = 0;
  int lines = 0;
};

/// The outermost functions of `code` (of code_only): what stands in braces behind a parenthesis.
/// Namespaces, classes and initializers are not functions; lambdas count with their function.
std::vector<FunctionBody> function_bodies(std::string_view code);

}  // namespace tally::tidy
