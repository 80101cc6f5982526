#include "tests/shipper/file_fault_run.h"

#include <zstd.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string_view>

#include "tests/shipper/fault_table.h"
#include "tests/support/patience.h"

namespace tally::tests {
namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Frame by frame; fails the test for what is none.
std::string unpacked(std::string_view bytes) {
  std::string lines;
  while (!bytes.empty()) {
    const std::size_t size = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
    EXPECT_FALSE(ZSTD_isError(size)) << bytes.size() << " bytes are no frame";
    if (ZSTD_isError(size)) break;
    std::string piece(ZSTD_getFrameContentSize(bytes.data(), bytes.size()), '\0');
    EXPECT_EQ(ZSTD_decompress(piece.data(), piece.size(), bytes.data(), size), piece.size());
    lines += piece;
    bytes.remove_prefix(size);
  }
  return lines;
}

std::string lines_of(const std::filesystem::path& path) {
  const std::string bytes = bytes_of(path);
  return bytes.starts_with('{') ? bytes : unpacked(bytes);
}

/// 0: it is no line of a SampleStore's.
std::uint64_t number_of(std::string_view line) {
  constexpr std::string_view kBefore = "\"count\": ";
  const std::size_t at = line.rfind(kBefore);
  if (at == line.npos) return 0;
  const std::uint64_t number = std::stoull("0" + std::string(line.substr(at + kBefore.size())));
  return line == SampleStore::line(number) ? number : 0;
}

}  // namespace

std::string FileFault::url(const std::filesystem::path& directory, const std::string& parameters) {
  return "file://" + (directory / "out.jsonl").string() + "?name=file" + parameters;
}

void FileFault::begin(const std::string& url) {
  store.keep_for("file");
  ship = store.ship_to(url);
  ship->start();
}

void FileFault::add() { store.add(few_or(4000, 40'000)); }

void FileFault::wait_for_arrivals() {
  wait_until([&] { return ship->stats().next == Sequence{store.size() + 1}; });
}

std::string FileFault::wait_for_trouble(const std::string& part) {
  std::string said;
  wait_until([&] {
    said = ship->stats().trouble;
    return said.find(part) != said.npos;
  });
  return said;
}

std::string FileFault::written_to(const std::filesystem::path& directory) {
  const std::filesystem::path newest = directory / "out.jsonl";
  const auto rotated = [&](int number) {
    return std::filesystem::path(newest.string() + "." + std::to_string(number));
  };
  std::string lines;
  for (int number = 1; std::filesystem::exists(rotated(number)); ++number) {
    lines += lines_of(rotated(number));
  }
  return lines + lines_of(newest);
}

std::uint64_t FileFault::below(std::uint64_t end) {
  return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random);
}

void FileFault::count(const std::string& receiver, const std::string& fault,
                      const std::string& lines, const std::string& said, Times times) {
  FaultRow row{receiver, fault, store.size(), 0, 0, 0, 0, 0, said};
  std::set<std::uint64_t> seen;
  std::set<std::uint64_t> twice;
  std::uint64_t wrong = 0;
  std::uint64_t out_of_order = 0;
  std::uint64_t last = 0;
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) {
    const std::uint64_t number = number_of(line);
    if (number == 0) {
      ++wrong;
      continue;
    }
    ++row.arrived;
    if (!seen.insert(number).second) twice.insert(number);
    if (number <= last) ++out_of_order;
    last = number;
  }
  row.unique = seen.size();
  row.lost = row.shipped - row.unique;
  row.doubled = twice.size();
  FaultTable::shared().add(row);
  EXPECT_EQ(row.lost, 0U);
  if (times == Times::at_least_once) return;
  EXPECT_EQ(row.doubled, 0U);
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(out_of_order, 0U);
}

}  // namespace tally::tests
