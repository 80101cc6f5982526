#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace tally::bench {

/// Parses JSON lines with simdjson On-Demand, visiting every key and value at any depth: the least
/// work after which it can be said that they were read. The parser is kept; one thread at a time.
class JsonWalk {
 public:
  JsonWalk();
  ~JsonWalk();

  /// How many documents `lines` holds; ends the program if one is not JSON. 64 bytes behind `size`
  /// must be readable.
  std::uint64_t count(const char* lines, std::size_t size);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace tally::bench
