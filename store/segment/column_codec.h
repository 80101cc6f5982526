#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"
#include "store/segment/column_buffer.h"
#include "store/segment/integer_codec.h"
#include "store/segment/packed_bytes.h"

namespace tally::store {

/// Writes columns of a block. One per thread: it keeps contexts and buffers.
class ColumnEncoder {
 public:
  ColumnEncoder() : integers_(packer_) {}
  ColumnEncoder(const ColumnEncoder&) = delete;
  ColumnEncoder& operator=(const ColumnEncoder&) = delete;

  /// Appends the column's part. Of ids `rest` gets what follows their first four bytes.
  void encode(std::string& out, std::string& rest, const Column& column,
              const ColumnBuffer& values);

  IntegerEncoder& integers() noexcept { return integers_; }
  BytesPacker& packer() noexcept { return packer_; }

 private:
  void encode_ids(std::string& out, std::string& rest, std::size_t width, std::string_view bytes);

  BytesPacker packer_;
  IntegerEncoder integers_;
  std::string plane_;
  std::string tail_;
};

/// What the templates of a message column need, for how many values of its: known to the reader
/// before it decodes them.
struct MessageTotals {
  std::size_t tokens = 0;
  std::size_t id_bytes = 0;
};

/// Reads them back, trusting nothing. One per thread. Eight bytes behind each part have to be
/// readable.
class ColumnDecoder {
 public:
  ColumnDecoder() : integers_(unpacker_) {}
  ColumnDecoder(const ColumnDecoder&) = delete;
  ColumnDecoder& operator=(const ColumnDecoder&) = delete;

  /// To be called before a block's first column: all its columns together have to fit `bytes`, the
  /// length of the lines that they make up. So a few bytes cannot become gigabytes.
  void begin_block(std::size_t bytes) noexcept { bytes_left_ = bytes; }

  /// Reads `count` values of a column that holds no messages. False: they are not there.
  bool decode(std::string_view part, std::string_view rest, const Column& column, std::size_t count,
              ColumnBuffer& out);

  /// The same of those at `indexes` alone, which ascend and are below `count`.
  bool decode_at(std::string_view part, std::string_view rest, const Column& column,
                 std::size_t count, std::span<const std::uint32_t> indexes, ColumnBuffer& out);

  /// Where among the values of a column of codes this one is; nothing: see IntegerDecoder::find().
  std::optional<std::vector<std::uint32_t>> find_code(std::string_view part, std::int64_t code) {
    ByteReader in(part);
    return integers_.find(in, code, bytes_left_);
  }

  /// The codes of `count` messages; then `in` is at what fills them in.
  void decode_codes(ByteReader& in, std::size_t count, ColumnBuffer& out);
  bool decode_message_values(ByteReader& in, const MessageTotals& totals, ColumnBuffer& out);

  /// The two parts of `count` ids, `width` bytes of each, as they are stored or as views into
  /// `scratch`; nothing: they are not there.
  std::optional<std::string_view> id_part(std::string_view part, std::size_t width,
                                          std::size_t count, std::string& scratch);

  IntegerDecoder& integers() noexcept { return integers_; }
  BytesUnpacker& unpacker() noexcept { return unpacker_; }

 private:
  bool take(std::size_t bytes) noexcept;
  bool decode_texts(ByteReader& in, std::size_t count, ColumnBuffer& out);
  bool decode_ids_at(std::string_view part, std::string_view rest, std::size_t width,
                     std::size_t count, std::span<const std::uint32_t> indexes, ColumnBuffer& out);

  BytesUnpacker unpacker_;
  IntegerDecoder integers_;
  std::size_t bytes_left_ = 0;
  std::string heads_;
  std::string tails_;
};

}  // namespace tally::store
