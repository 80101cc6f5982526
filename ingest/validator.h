#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tally::ingest {

/// How the events of a body are written down.
enum class BodyForm : std::uint8_t {
  ndjson,  ///< one event a line; LF or CRLF ends it, the last may go without; empty lines are
           ///< skipped
  object,  ///< the whole body is one event
  array,   ///< a JSON array of events
  sniff,   ///< find out from the first bytes
};

/// Events that follow one another in the input without a gap (see model Run).
struct Extent {
  std::uint32_t first = 0;    ///< index of its first event among the accepted ones
  std::uint64_t offset = 0;   ///< of that event's first byte in the input
  std::uint8_t line_end = 1;  ///< bytes of the line end after each of its events
};

/// An event that was refused.
struct Refusal {
  std::uint32_t line = 0;    ///< from 1; of an array the element
  std::uint64_t offset = 0;  ///< of its first byte in the input
  std::string reason;        ///< a sentence for people that names the field
  std::uint64_t length = 0;  ///< of the whole event
  std::string bytes;         ///< its first 64 KiB at most
  std::string sha256;        ///< 32 bytes over the whole event where `bytes` was cut, else empty
  std::uint64_t events = 1;  ///< that it stands for; more than one only past kRefusalsMax
};

/// The verdict on a body. Views into the body and the validator: valid until the next call or until
/// the body changes.
struct Verdict {
  std::string_view lines;   ///< the accepted events, each ended by LF, in place in the body
  std::uint32_t count = 0;  ///< of the accepted events
  std::vector<Extent> extents;
  std::vector<Refusal> refusals;  ///< in input order; empty allocates nothing
};

/// Holds events to the contract (model/audit-event.schema.json and docs/format/event.md). One per
/// thread: it keeps its scratch memory, and allocates nothing per accepted event.
class Validator {
 public:
  Validator();
  ~Validator();
  Validator(Validator&&) noexcept;
  Validator& operator=(Validator&&) noexcept;

  /// Bytes behind a body that must be readable and writable (their content does not matter).
  static constexpr std::size_t kPadding = 64;

  /// Limits of the contract.
  static constexpr std::size_t kEventBytesMax = 64 * 1024;
  static constexpr int kDepthMax = 32;
  /// Refusals listed one by one; what is refused past them is told and kept as a single refusal.
  static constexpr std::size_t kRefusalsMax = 4096;

  /// Checks every event of `body`, moves the accepted ones together at the front of the body, one a
  /// line, and says of the others why not. The result lives until the next call.
  const Verdict& validate(std::span<char> body, BodyForm form);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tally::ingest
