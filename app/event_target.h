#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/command.h"
#include "ingest/post_answer.h"
#include "ingest/validator.h"
#include "model/provenance.h"
#include "model/result.h"

namespace tally::app {

/// Where a piece of input comes from.
struct EventOrigin {
  SourceKind kind = SourceKind::import;
  std::string name;          ///< see SourceKind
  std::uint64_t offset = 0;  ///< of the piece's first byte in its source
};

/// Where `tally import` and `tally emit` put events: a store of their own, or a running collector.
class EventTarget {
 public:
  virtual ~EventTarget() = default;

  /// Has the events of `body` judged and made durable, and returns when they are. Changes `body`,
  /// behind which ingest::Validator::kPadding bytes must be writable. Errc::indeterminate: the
  /// events may or may not have been taken.
  virtual Result<ingest::PostAnswer> write(std::span<char> body, ingest::BodyForm form,
                                           const EventOrigin& origin) = 0;

  /// "the store in ./tally-data", "the collector at http://127.0.0.1:7514"
  virtual const std::string& name() const noexcept = 0;
};

/// The collector at `url`.
Result<std::unique_ptr<EventTarget>> open_collector_target(const std::string& url);

/// The store in `directory`, created if it is not there. If a collector holds it, that collector; a
/// line on stderr then says so.
Result<std::unique_ptr<EventTarget>> open_store_target(CommandContext& context,
                                                       const std::string& directory);

}  // namespace tally::app
