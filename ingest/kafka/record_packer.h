#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/validator.h"
#include "model/time.h"
#include "store/batch.h"
#include "store/journal/frame_encoder.h"

namespace tally::ingest {

/// Makes batches of a partition's records: each record's value is one event, or is refused with
/// the record's offset and a reason. An event over several lines becomes one line, as one that is
/// posted. Serves several partitions, one after the other. Not thread-safe.
class RecordPacker {
 public:
  RecordPacker();
  RecordPacker(const RecordPacker&) = delete;
  RecordPacker& operator=(const RecordPacker&) = delete;

  /// Records of a batch; not more, so that each refusal is kept by itself.
  static constexpr std::size_t kRecordsMax = Validator::kRefusalsMax;
  /// Of values, in a batch; the last one may go beyond.
  static constexpr std::size_t kBytesMax = 1024 * 1024;

  /// Begins a batch. `source` is "topic/partition".
  void begin(std::string source, UtcTime received);

  /// Whether the batch is complete: nothing more may be added.
  bool full() const noexcept;
  bool empty() const noexcept { return records_ == 0; }

  /// The next record, with a larger offset than the one before. No value: the record has none.
  /// Copies what it keeps.
  void add(std::int64_t offset, std::optional<std::string_view> value);

  /// Bytes of the values that were added.
  std::uint64_t bytes() const noexcept { return bytes_; }

  /// The batch of all that was added, without a checkpoint.
  store::Batch finish();

 private:
  struct Line {
    std::size_t begin = 0;  ///< in the window
    std::int64_t offset = 0;
  };

  void put(std::int64_t offset, std::string_view line);
  void validate_window(BodyForm form);
  void add_runs(const Verdict& verdict);
  void add_event(std::int64_t offset);
  void refuse(std::int64_t offset, std::string_view value, std::string reason);
  store::RefusedEvent refused(std::int64_t offset, std::string reason) const;
  std::int64_t offset_at(std::size_t byte) const;

  Validator validator_;
  store::FrameEncoder encoder_;
  std::unique_ptr<char[]> buffer_;  ///< accepted lines, then the window

  // Of this batch.
  std::string source_;
  UtcTime received_{};
  std::size_t accepted_bytes_ = 0;
  std::uint32_t events_ = 0;
  std::size_t records_ = 0;
  std::uint64_t bytes_ = 0;
  store::Batch batch_;  ///< all but the frame

  // The window: lines that wait to be validated.
  std::size_t window_bytes_ = 0;
  std::vector<Line> lines_;
};

}  // namespace tally::ingest
