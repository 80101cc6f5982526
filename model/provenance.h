#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/time.h"

namespace tally {

/// By which way events came in. Do not renumber: on disk.
enum class SourceKind : std::uint8_t {
  http = 1,    ///< name: the peer's address without port; no offsets
  file = 2,    ///< name: the file's path; offset: of the line's first byte
  kafka = 3,   ///< name: "topic/partition"; offset: the record's
  import = 4,  ///< name: the file's path as given; offset: of the line's first byte, decompressed
};

/// "http", "file", "kafka" or "import".
std::string_view to_string(SourceKind kind) noexcept;

/// Where a run of events came from and when: consecutive events that differ in nothing but their
/// offset, which goes on from one to the next without a gap.
struct Run {
  std::uint32_t count = 0;  ///< events in the run
  UtcTime received{};       ///< time of receipt of all of them
  SourceKind kind = SourceKind::http;
  std::uint8_t line_end = 0;  ///< bytes between two events of a file: 1 (LF) or 2 (CRLF)
  std::uint64_t offset = 0;   ///< of the first event; 0 for HTTP
  std::string source;         ///< see SourceKind
  std::string client;         ///< who was authenticated; empty: nobody had to be

  friend bool operator==(const Run&, const Run&) = default;
};

/// The offset that follows an event of `length` bytes at `offset` in `run`: where the next one of
/// the same run begins.
std::uint64_t next_offset(const Run& run, std::uint64_t offset, std::size_t length) noexcept;

}  // namespace tally
