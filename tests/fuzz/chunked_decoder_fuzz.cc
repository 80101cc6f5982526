#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/check.h"
#include "net/chunked_decoder.h"

using tally::net::ChunkedDecoder;

namespace {

/// What a decoder makes of input that comes in pieces of `piece` bytes.
struct Decoded {
  ChunkedDecoder::State state;
  std::size_t consumed = 0;
  std::string body;
};

Decoded decode(std::string_view input, std::size_t piece) {
  ChunkedDecoder decoder;
  Decoded decoded{decoder.state(), 0, {}};
  std::size_t received = 0;
  for (;;) {
    const ChunkedDecoder::Step step =
        decoder.next(input.substr(decoded.consumed, received - decoded.consumed));
    decoded.consumed += step.consumed;
    decoded.body += step.data;
    decoded.state = decoder.state();
    if (decoded.state == ChunkedDecoder::State::done ||
        decoded.state == ChunkedDecoder::State::malformed) {
      return decoded;
    }
    if (step.consumed > 0) continue;
    if (received == input.size()) return decoded;
    received = std::min(input.size(), received + piece);
  }
}

}  // namespace

/// A chunked body, from whoever connects. Besides not breaking: what comes out does not depend on
/// the pieces in which it came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const Decoded whole = decode(input, size + 1);
  const Decoded pieces = decode(input, 1);
  TALLY_CHECK(whole.state == pieces.state);
  TALLY_CHECK(whole.body == pieces.body);
  TALLY_CHECK(whole.body.size() <= size);
  if (whole.state == ChunkedDecoder::State::done) TALLY_CHECK(whole.consumed == pieces.consumed);
  return 0;
}
