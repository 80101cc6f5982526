#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tally::tidy {

/// A text file of the project.
struct SourceFile {
  std::string path;  ///< relative to the project's root: "store/batch.h"
  std::string text;

  std::string_view folder() const;     ///< "store": the first part of the path; "" at the root
  std::string_view name() const;       ///< "batch.h"
  std::string_view extension() const;  ///< "h"; "" if there is none
  bool is_header() const;
  bool is_cpp() const;  ///< .h or .cc
};

using SourceTree = std::vector<SourceFile>;

/// All text files under `root` but for build products and downloaded packages.
SourceTree read_source_tree(const std::filesystem::path& root);

/// Calls `visit` with each line of `text`, counted from 1, without its line end.
void for_each_line(std::string_view text, const std::function<void(int, std::string_view)>& visit);

}  // namespace tally::tidy
