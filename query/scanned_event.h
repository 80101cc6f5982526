#pragma once

#include <cstdint>
#include <string_view>

#include "model/provenance.h"
#include "model/sequence.h"
#include "store/event/event_reader.h"
#include "store/event/metadata_reader.h"

namespace tally::query {

/// The parsers that a scan needs, and which fields its filter and its output use together.
struct ScanReaders {
  store::EventReader events;
  store::MetadataReader metadata;
  store::FieldSet wanted = store::FieldSet::all;
};

/// One stored event on its way through a scan: its line, its name and origin; its fields are read
/// when somebody asks for the first time. Views into the chunk and the readers, valid until the
/// scan goes on.
class ScannedEvent {
 public:
  ScannedEvent(std::string_view line, Sequence sequence, const Run& run, std::uint64_t offset,
               ScanReaders& readers) noexcept
      : line_(line), sequence_(sequence), run_(run), offset_(offset), readers_(readers) {}

  std::string_view line() const noexcept { return line_; }
  Sequence sequence() const noexcept { return sequence_; }
  const Run& run() const noexcept { return run_; }

  /// Where the source has it; see Run.
  std::uint64_t offset() const noexcept { return offset_; }

  bool is_read() const noexcept { return is_read_; }

  /// nullptr if the line is not an event (see store::EventReader).
  const store::EventFields* fields() {
    if (!is_read_) {
      fields_ = readers_.events.read(line_, readers_.wanted);
      is_read_ = true;
    }
    return fields_;
  }

  /// Somebody asked for the fields and there were none.
  bool is_damaged() const noexcept { return is_read_ && fields_ == nullptr; }

  store::MetadataReader& metadata() noexcept { return readers_.metadata; }

 private:
  std::string_view line_;
  Sequence sequence_;
  const Run& run_;
  std::uint64_t offset_;
  ScanReaders& readers_;
  const store::EventFields* fields_ = nullptr;
  bool is_read_ = false;
};

}  // namespace tally::query
