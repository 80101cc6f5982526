#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tally::net {

/// Takes a chunked body (RFC 9112 section 7.1) apart. Chunk extensions and trailer fields are
/// checked for form and length, then forgotten.
class ChunkedDecoder {
 public:
  enum class State : std::uint8_t {
    line,       ///< needs the rest of a line of framing
    data,       ///< needs data_left() more bytes of data
    done,       ///< the body is complete
    malformed,  ///< will never be one
  };

  /// What one call to next() made of the input.
  struct Step {
    std::size_t consumed = 0;  ///< of the input
    std::string_view data;     ///< the part of it that belongs to the body
  };

  /// Takes the next piece out of `input`, which begins where the previous step ended: one line of
  /// framing, or data. Consumes nothing when a line is incomplete.
  Step next(std::string_view input) noexcept;

  State state() const noexcept { return state_; }

  /// What the current chunk has yet to bring.
  std::uint64_t data_left() const noexcept { return data_left_; }

 private:
  enum class Line : std::uint8_t { size, end_of_data, trailer };

  Step take_line(std::string_view input) noexcept;
  void take_size(std::string_view line) noexcept;

  State state_ = State::line;
  Line expected_ = Line::size;
  std::uint64_t data_left_ = 0;
  std::size_t trailer_bytes_ = 0;
};

}  // namespace tally::net
