#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "model/result.h"

namespace tally::app {

/// Whole lines of an input.
struct LinePiece {
  std::span<char> bytes;         ///< may be changed, and so many bytes behind it: kPadding
  std::uint64_t offset = 0;      ///< of its first byte in the input, decompressed
  std::uint64_t first_line = 1;  ///< number of its first line
};

/// Reads a file of lines piece by piece: plain, gzip or zstd, told by its first bytes and not by
/// its name. One thread.
class LineInput {
 public:
  static constexpr std::size_t kPadding = 64;
  static constexpr std::size_t kPieceBytes = 1024 * 1024;  ///< about
  static constexpr std::size_t kLineBytesMax = 16 * 1024 * 1024;

  /// `path` "-" is stdin. Errors name the path.
  static Result<LineInput> open(const std::string& path);
  ~LineInput();
  LineInput(LineInput&&) noexcept;
  LineInput& operator=(LineInput&&) noexcept;

  /// The next lines, valid until the next call; nothing at the end. The last line may lack its line
  /// end. Errc::too_large for a line over kLineBytesMax, Errc::corruption for damaged compression.
  Result<std::optional<LinePiece>> next();

  /// How much of the file, as it is stored, was read, and its size (0 for what is no file).
  std::uint64_t bytes_read() const noexcept;
  std::uint64_t bytes_total() const noexcept;

 private:
  struct State;
  explicit LineInput(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tally::app
