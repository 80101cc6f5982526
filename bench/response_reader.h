#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tally::bench {

/// An answer as it came; a view into its reader.
struct HttpAnswer {
  int status = 0;
  std::string_view body;
};

/// Cuts the bytes that a server sends into HTTP/1.1 answers. Knows what a load client needs:
/// Content-Length, and 204 without one; anything else ends the program. One thread at a time.
class ResponseReader {
 public:
  /// Where the next bytes go; never empty.
  std::span<char> space();

  /// Says that `size` bytes were put there.
  void received(std::size_t size) noexcept { end_ += size; }

  /// The next whole answer, valid until space() is called.
  std::optional<HttpAnswer> next();

 private:
  std::vector<char> buffer_ = std::vector<char>(16 * 1024);
  std::size_t begin_ = 0;  // of what has not been cut yet
  std::size_t end_ = 0;
};

}  // namespace tally::bench
