#include "model/provenance.h"

namespace tally {

std::string_view to_string(SourceKind kind) noexcept {
  switch (kind) {
    case SourceKind::http:
      return "http";
    case SourceKind::file:
      return "file";
    case SourceKind::kafka:
      return "kafka";
    case SourceKind::import:
      return "import";
  }
  return "unknown";
}

std::uint64_t next_offset(const Run& run, std::uint64_t offset, std::size_t length) noexcept {
  switch (run.kind) {
    case SourceKind::http:
      return 0;
    case SourceKind::kafka:
      return offset + 1;
    case SourceKind::file:
    case SourceKind::import:
      return offset + length + run.line_end;
  }
  return offset;
}

}  // namespace tally
