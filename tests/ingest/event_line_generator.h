#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tally::tests {

/// Makes event lines as good and as bad as they come: written by different hands, at the edges of
/// the contract, and damaged in one or two places. The same seed gives the same lines everywhere.
/// No line contains LF.
class EventLineGenerator {
 public:
  explicit EventLineGenerator(std::uint64_t seed) : random_(seed) {}

  /// A line that the contract accepts.
  std::string good_line();

  /// A good line after some changes to its fields or bytes; it may be good all the same.
  std::string mutated_line();

 private:
  using Members = std::vector<std::pair<std::string, std::string>>;  // raw JSON: key, value

  Members good_members();
  std::string good_metadata();
  std::string good_time();
  std::string join(const Members& members);
  void change_members(Members& members);
  void change_value(Members& members);
  void change_bytes(std::string& line);
  std::string odd_value();
  std::string odd_time();
  std::string odd_string();
  std::string nested(std::size_t levels);

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <std::size_t Size>
  std::string pick(const std::string_view (&choices)[Size]) {
    return std::string(choices[below(Size)]);
  }

  std::mt19937_64 random_;
};

}  // namespace tally::tests
