#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tally::tests {

/// Whose habits a line shows: key order, spacing, spelling of times, numbers and ids.
enum class LineStyle {
  python,        ///< json.dumps: spaced, microseconds, +00:00
  python_tight,  ///< separators=(",", ":")
  go,            ///< encoding/json: compact, sorted keys, nanoseconds without zeros at the end
  serde,         ///< Rust: compact, nanoseconds in full, UUIDs
  javascript,    ///< JSON.stringify: compact, milliseconds, numbers like 1e21
  odd,           ///< by hand: any blanks, money with its zeros, nested lists, escapes
};

inline constexpr LineStyle kLineStyles[] = {LineStyle::python,     LineStyle::python_tight,
                                            LineStyle::go,         LineStyle::serde,
                                            LineStyle::javascript, LineStyle::odd};

/// Makes lines in one style, all valid events. The same seed gives the same lines.
class StyledLines {
 public:
  StyledLines(LineStyle style, std::uint64_t seed) : style_(style), random_(seed) {}

  std::string line();
  std::vector<std::string> lines(std::size_t count);

 private:
  std::string time();
  std::string number();
  std::string id();
  std::string word();
  std::string sentence();
  std::string metadata();
  std::string blank();
  std::string member(std::string_view key, const std::string& value);
  std::string hex(std::size_t digits);

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  bool compact() const noexcept;

  LineStyle style_;
  std::mt19937_64 random_;
  std::int64_t clock_ = 1'769'205'300'000'000'000;
};

}  // namespace tally::tests
