#include "store/paths.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace tally::store {
namespace {

constexpr std::size_t kDigits = 8;      // So that names sort like numbers for a very long time.
constexpr std::size_t kDigitsMax = 20;  // Of any 64-bit number.
constexpr std::string_view kJournalSuffix = ".jsonl.zst";
constexpr std::string_view kSegmentSuffix = ".seg";
constexpr std::string_view kRejectedSuffix = ".rej";

/// A number in at least kDigits digits, without a terminating zero.
struct Digits {
  explicit Digits(std::uint64_t number) noexcept {
    std::array<char, kDigitsMax> plain{};
    const char* end = std::to_chars(plain.data(), plain.data() + plain.size(), number).ptr;
    const auto count = static_cast<std::size_t>(end - plain.data());
    length = std::max(count, kDigits);
    text.fill('0');
    std::copy(plain.data(), plain.data() + count, text.data() + (length - count));
  }
  std::string_view view() const noexcept { return {text.data(), length}; }

  std::array<char, kDigitsMax> text;
  std::size_t length;
};

std::string numbered(std::uint64_t number, std::string_view suffix) {
  std::string name(Digits(number).view());
  name += suffix;
  return name;
}

std::optional<std::uint64_t> parse_numbered(std::string_view name,
                                            std::string_view suffix) noexcept {
  if (!name.ends_with(suffix)) return std::nullopt;
  name.remove_suffix(suffix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  if (Digits(number).view() != name) return std::nullopt;
  return number;
}

}  // namespace

StorePaths::StorePaths(Path store_directory) : directory(std::move(store_directory)) {}

Path StorePaths::lock() const { return directory / "LOCK"; }

Path StorePaths::durable() const { return directory / "durable"; }

Path StorePaths::journal() const { return directory / "journal"; }

Path StorePaths::journal_file(std::uint64_t number) const {
  return journal() / numbered(number, kJournalSuffix);
}

Path StorePaths::spare() const { return journal() / "spare"; }

Path StorePaths::draft() const { return journal() / "draft"; }

Path StorePaths::segments() const { return directory / "segments"; }

Path StorePaths::segment_file(std::uint64_t number) const {
  return segments() / numbered(number, kSegmentSuffix);
}

Path StorePaths::segment_draft() const { return segments() / "draft"; }

Path StorePaths::manifest() const { return directory / "MANIFEST"; }

Path StorePaths::manifest_draft() const { return directory / "MANIFEST.draft"; }

Path StorePaths::readers() const { return directory / "READERS"; }

Path StorePaths::rejected() const { return directory / "rejected"; }

Path StorePaths::rejected_file(std::uint64_t number) const {
  return rejected() / numbered(number, kRejectedSuffix);
}

Path StorePaths::rejected_draft() const { return rejected() / "draft"; }

Path StorePaths::cursors() const { return directory / "cursors"; }

std::optional<std::uint64_t> parse_journal_name(std::string_view name) noexcept {
  return parse_numbered(name, kJournalSuffix);
}

std::optional<std::uint64_t> parse_segment_name(std::string_view name) noexcept {
  return parse_numbered(name, kSegmentSuffix);
}

std::optional<std::uint64_t> parse_rejected_name(std::string_view name) noexcept {
  return parse_numbered(name, kRejectedSuffix);
}

}  // namespace tally::store
