#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "store/journal/frame_encoder.h"

/// The segment's constants, shared by writer and reader; docs/format/segment.md explains them.
/// All are on disk: do not change one without a new version.
namespace tally::store {

inline constexpr std::string_view kSegmentTag = "TLS";
inline constexpr std::string_view kBlockTag = "TLB";
inline constexpr std::string_view kFooterTag = "TLE";
inline constexpr std::string_view kTrailerTag = "TLZ";
inline constexpr std::uint8_t kSegmentVersion = 1;

/// tag, version, length of the fields.
inline constexpr std::size_t kSectionPrefixBytes = 4 + 4;
/// tag, version, length of the footer, CRC: how a file ends, so that the footer is found from
/// there.
inline constexpr std::size_t kTrailerBytes = 4 + 4 + 4;

/// What the bytes of a column mean. Do not renumber: on disk.
enum class ColumnKind : std::uint8_t {
  json = 1,       ///< any JSON text, as it is written
  time = 2,       ///< nanoseconds since 1970
  word = 3,       ///< text of the column's dictionary
  text = 4,       ///< what is between the quotes of a string
  message = 5,    ///< the same, taken apart into a template and what fills it
  integer = 6,    ///< 0, or digits without a zero in front, with or without '-'
  decimal = 7,    ///< up to `parameter` digits behind the point, the last not 0 unless the only one
  fixed = 8,      ///< exactly `parameter` digits behind the point
  hex_lower = 9,  ///< 2 * `parameter` digits
  hex_upper = 10,
  uuid = 11,   ///< 8-4-4-4-12 lower-case hex digits
  truth = 12,  ///< false, true or null
};
inline constexpr std::uint8_t kColumnKinds = 12;

/// The columns that every segment has. The others are numbered as they are met.
inline constexpr std::uint32_t kLineColumn = 0;
inline constexpr std::uint32_t kTimeColumn = 1;
inline constexpr std::uint32_t kServiceColumn = 2;
inline constexpr std::uint32_t kOperationColumn = 3;
inline constexpr std::uint32_t kContainerColumn = 4;
inline constexpr std::uint32_t kErrorColumn = 5;
inline constexpr std::uint32_t kMetadataColumn = 6;
inline constexpr std::uint32_t kFixedColumns = 7;

/// What a block is stored as: parts, in ascending order of number.
inline constexpr std::uint32_t kShapesPart = 0;
inline constexpr std::uint32_t kRunsPart = 1;
inline constexpr std::uint32_t kCommitsPart = 2;
inline constexpr std::uint32_t kCountsPart = 3;
/// Two for each column from here on: its values, and of ids what follows their first four bytes.
inline constexpr std::uint32_t kFirstColumnPart = 4;

constexpr std::uint32_t part_of_column(std::uint32_t column) noexcept {
  return kFirstColumnPart + 2 * column;
}

/// Stands for a value within the text of a shape or a template. JSON has no such bytes.
inline constexpr char kSlotMark = 0x01;       ///< in a shape: a value of the column that follows
inline constexpr char kTimeMark = 0x02;       ///< in a shape: the time, spelt as what follows says
inline constexpr char kNumberMark = 0x03;     ///< in a template: an integer
inline constexpr char kIdMark = 0x04;         ///< in a template: lower-case hex; its bytes follow
inline constexpr char kContainerMark = 0x05;  ///< in a template: the event's container
inline constexpr std::size_t kSlotMarkBytes = 3;
inline constexpr std::size_t kTimeMarkBytes = 4;

/// A block is closed when it has reached one of these.
inline constexpr std::uint32_t kBlockEvents = 16 * 1024;
inline constexpr std::size_t kBlockLinesBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kBlockValues = 1024 * 1024;
/// Names of its runs, each as often as it is used.
inline constexpr std::size_t kBlockNameBytes = 4 * 1024 * 1024;

/// Limits: what a reader accepts.
inline constexpr std::size_t kBlockLinesMax = kBlockLinesBytes + kFrameLinesMax;
inline constexpr std::size_t kBlockValuesMax = 2 * kBlockValues;
inline constexpr std::size_t kBlockNameBytesMax = 2 * kBlockNameBytes;
inline constexpr std::size_t kBlockStoredMax = 2 * kBlockLinesMax;
inline constexpr std::size_t kBlockHeaderMax = 64 * 1024;
inline constexpr std::size_t kFooterMax = 64 * 1024 * 1024;
inline constexpr std::size_t kSharedStoredMax = 32 * 1024 * 1024;
inline constexpr std::size_t kSharedBytesMax = 32 * 1024 * 1024;

/// Shapes in all, and how many of them may spell metadata out. Past that its text is a value.
inline constexpr std::size_t kShapesMax = 4096;
inline constexpr std::size_t kFullShapesMax = 3584;
inline constexpr std::size_t kShapesBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kShapeSlotsMax = 256;
inline constexpr std::size_t kColumnsMax = 1024;
inline constexpr std::size_t kPathBytesMax = 1024;
/// Words of one dictionary; bytes of all dictionaries.
inline constexpr std::size_t kWordsMax = 64 * 1024;
inline constexpr std::size_t kWordBytesMax = 4 * 1024;
inline constexpr std::size_t kWordsBytesMax = 8 * 1024 * 1024;
/// Keys of the needle filter; past that it is left out, and the segment has to be searched.
inline constexpr std::size_t kFilterKeysMax = 4 * 1024 * 1024;

}  // namespace tally::store
