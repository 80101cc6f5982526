#include "tests/tidy/source_tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace tally::tidy {

namespace {

constexpr std::array<std::string_view, 12> kTextExtensions = {
    "h", "cc", "md", "txt", "cmake", "json", "sh", "py", "mjs", "js", "toml", "in"};

bool skipped_folder(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name == "build" || name == ".git" || name == "node_modules" || name == "tally-data" ||
         name == "corpus" || name == "golden";
}

bool is_text(const SourceFile& file) {
  if (file.path == "dev" || file.path == ".ci/run") return true;
  return std::ranges::find(kTextExtensions, file.extension()) != kTextExtensions.end();
}

}  // namespace

std::string_view SourceFile::folder() const {
  const std::size_t slash = path.find('/');
  return slash == std::string::npos ? std::string_view{} : std::string_view(path).substr(0, slash);
}

std::string_view SourceFile::name() const {
  return std::string_view(path).substr(path.rfind('/') + 1);
}

std::string_view SourceFile::extension() const {
  const std::size_t dot = name().rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : name().substr(dot + 1);
}

bool SourceFile::is_header() const { return extension() == "h"; }

bool SourceFile::is_cpp() const { return is_header() || extension() == "cc"; }

SourceTree read_source_tree(const std::filesystem::path& root) {
  SourceTree tree;
  auto entry = std::filesystem::recursive_directory_iterator(root);
  for (; entry != std::filesystem::recursive_directory_iterator(); ++entry) {
    if (entry->is_directory()) {
      if (skipped_folder(entry->path())) entry.disable_recursion_pending();
      continue;
    }
    SourceFile file{entry->path().lexically_relative(root).string(), {}};
    if (!is_text(file)) continue;
    std::ifstream in(entry->path(), std::ios::binary);
    file.text.assign(std::istreambuf_iterator<char>(in), {});
    tree.push_back(std::move(file));
  }
  std::ranges::sort(tree, {}, &SourceFile::path);
  return tree;
}

void for_each_line(std::string_view text, const std::function<void(int, std::string_view)>& visit) {
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace tally::tidy
