#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "tests/tidy/rules.h"

namespace tally::tidy {

namespace {

using Folders = std::set<std::string_view>;

// Folder -> folders that it may include from, besides its own. Tests and benchmarks may include
// anything; nobody may include from app, bench or tests.
const std::map<std::string_view, Folders>& arrows() {
  static const std::map<std::string_view, Folders> kArrows = {
      {"model", {}},
      {"store", {"model"}},
      {"net", {"model"}},
      {"kafka", {"net", "model"}},
      {"ingest", {"kafka", "net", "store", "model"}},
      {"query", {"net", "store", "model"}},
      {"shipper", {"kafka", "net", "store", "model"}},
      {"app", {"ingest", "query", "shipper", "kafka", "net", "store", "model"}},
  };
  return kArrows;
}

struct ThirdParty {
  std::string_view prefix;
  Folders folders;
  bool heavy;  // must not spread through headers
};

// The longest prefix counts. What is not listed here is either the standard library or POSIX, or
// has no place yet.
const std::vector<ThirdParty>& third_party() {
  static const std::vector<ThirdParty> kThirdParty = {
      {"CLI/", {"app"}, false},
      {"boost/", {}, false},
      {"boost/asio", {"net", "ingest", "app"}, false},
      {"boost/beast", {"net"}, true},
      {"boost/iostreams", {"app"}, true},
      {"boost/outcome", {"model"}, false},
      {"boost/sort", {"store"}, true},
      {"boost/system", {"net", "app"}, false},
      {"boost/url", {"net"}, true},
      {"boost/uuid", {"store", "shipper"}, true},
      {"date/", {"query", "app"}, true},
      {"fmt/", {"app", "ingest", "net", "query", "shipper", "store"}, false},
      {"google/protobuf/", {"shipper"}, true},
      {"isa-l/", {"store"}, true},
      {"librdkafka/", {"kafka", "ingest", "shipper"}, true},
      {"openssl/", {"store", "ingest", "net"}, true},
      {"prometheus/", {"app"}, false},
      {"re2/", {"query"}, false},
      {"simdjson", {"ingest", "kafka", "shipper", "store"}, true},
      {"snappy", {"shipper"}, true},
      {"spdlog/", {"app", "ingest", "kafka", "net", "shipper", "store"}, true},
      {"toml++/", {"app"}, true},
      {"zlib", {"shipper"}, true},
      {"zstd", {"store", "net", "shipper"}, true},
  };
  return kThirdParty;
}

const ThirdParty* find_third_party(std::string_view header) {
  const ThirdParty* best = nullptr;
  for (const ThirdParty& candidate : third_party()) {
    if (!header.starts_with(candidate.prefix)) continue;
    if (best == nullptr || candidate.prefix.size() > best->prefix.size()) best = &candidate;
  }
  return best;
}

// What `line` includes between `open` and `close`, if it is an #include of that kind.
std::optional<std::string_view> included(std::string_view line, char open, char close) {
  if (!line.starts_with("#include ")) return std::nullopt;
  const std::size_t start = line.find(open);
  const std::size_t end = line.find(close, start + 1);
  if (start == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
  return line.substr(start + 1, end - start - 1);
}

std::string at(const SourceFile& file, int line) {
  return file.path + ":" + std::to_string(line) + ": ";
}

using Check = std::function<void(const SourceFile&, int, std::string_view)>;

// Visits every #include of `open`…`close` in the folders that the arrows bind.
void for_each_include(const SourceTree& tree, char open, char close, const Check& check) {
  for (const SourceFile& file : tree) {
    if (!file.is_cpp() || !arrows().contains(file.folder())) continue;
    for_each_line(file.text, [&](int number, std::string_view line) {
      if (const auto header = included(line, open, close)) check(file, number, *header);
    });
  }
}

}  // namespace

Findings includes_against_the_arrows(const SourceTree& tree) {
  Findings findings;
  for_each_include(tree, '"', '"', [&](const SourceFile& file, int line, std::string_view header) {
    const std::string_view from = header.substr(0, header.find('/'));
    if (from == file.folder() || arrows().at(file.folder()).contains(from)) return;
    findings.push_back(at(file, line) + std::string(file.folder()) + " must not include from " +
                       std::string(from) + ": see the arrows in docs/ARCHITECTURE.md");
  });
  return findings;
}

Findings third_party_out_of_place(const SourceTree& tree) {
  Findings findings;
  for_each_include(tree, '<', '>', [&](const SourceFile& file, int line, std::string_view header) {
    const ThirdParty* library = find_third_party(header);
    if (library == nullptr || library->folders.contains(file.folder())) return;
    findings.push_back(at(file, line) + std::string(header) + " has no place in " +
                       std::string(file.folder()) + ": see the table in docs/ARCHITECTURE.md");
  });
  return findings;
}

Findings heavy_headers_in_headers(const SourceTree& tree) {
  // A header that only .cc files of its own folder include is part of these and may be heavy.
  std::set<std::string> shared;
  for_each_include(tree, '"', '"', [&](const SourceFile& file, int, std::string_view header) {
    const bool from_outside = header.substr(0, header.find('/')) != file.folder();
    if (file.is_header() || from_outside) shared.emplace(header);
  });
  Findings findings;
  for_each_include(tree, '<', '>', [&](const SourceFile& file, int line, std::string_view header) {
    const ThirdParty* library = find_third_party(header);
    if (library == nullptr || !library->heavy || !shared.contains(file.path)) return;
    findings.push_back(at(file, line) + std::string(header) +
                       " belongs into .cc files: forward declare, or hide it in a private struct");
  });
  return findings;
}

}  // namespace tally::tidy
