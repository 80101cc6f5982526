#include "net/chunked_decoder.h"

#include <algorithm>
#include <charconv>

namespace tally::net {
namespace {

// A line of framing: a size, and extensions that nobody uses.
constexpr std::size_t kLineBytesMax = 1024;
constexpr std::size_t kTrailerBytesMax = 8 * 1024;

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::next(std::string_view input) noexcept {
  switch (state_) {
    case State::line:
      return take_line(input);
    case State::data: {
      const std::string_view data = input.substr(
          0, static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), data_left_)));
      data_left_ -= data.size();
      if (data_left_ == 0) state_ = State::line;
      return {data.size(), data};
    }
    case State::done:
    case State::malformed:
      break;
  }
  return {};
}

ChunkedDecoder::Step ChunkedDecoder::take_line(std::string_view input) noexcept {
  const std::size_t lf = input.substr(0, kLineBytesMax).find('\n');
  if (lf == std::string_view::npos) {
    if (input.size() >= kLineBytesMax) state_ = State::malformed;
    return {};
  }
  // A bare LF is refused: what one reader takes for a line end, another takes for an extension.
  if (lf == 0 || input[lf - 1] != '\r' || input.substr(0, lf - 1).find('\r') != input.npos) {
    state_ = State::malformed;
    return {};
  }
  const std::string_view line = input.substr(0, lf - 1);
  switch (expected_) {
    case Line::size:
      take_size(line);
      break;
    case Line::end_of_data:
      if (!line.empty()) state_ = State::malformed;
      expected_ = Line::size;
      break;
    case Line::trailer:
      trailer_bytes_ += lf + 1;
      if (line.empty()) state_ = State::done;
      if (trailer_bytes_ > kTrailerBytesMax) state_ = State::malformed;
      break;
  }
  return {lf + 1, {}};
}

void ChunkedDecoder::take_size(std::string_view line) noexcept {
  const std::string_view digits = line.substr(0, line.find_first_of("; \t"));
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), data_left_, 16);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    state_ = State::malformed;
    return;
  }
  expected_ = data_left_ == 0 ? Line::trailer : Line::end_of_data;
  if (data_left_ > 0) state_ = State::data;
}

}  // namespace tally::net
