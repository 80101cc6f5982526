#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "model/result.h"
#include "store/disk/field_codec.h"

namespace tally::store {

/// What the bytes are, which decides how zstd goes about them.
enum class BytesKind {
  symbols,  ///< independent draws of an alphabet: entropy coding is all there is to win
  text,     ///< repeats what came before
};

/// Compresses bytes with zstd where that makes them fewer. One per thread: it keeps contexts.
/// The length is not written: the reader has to know it.
class BytesPacker {
 public:
  BytesPacker();
  ~BytesPacker();
  BytesPacker(BytesPacker&&) noexcept;
  BytesPacker& operator=(BytesPacker&&) noexcept;

  /// Appends the packed form.
  void pack(std::string& out, std::string_view bytes, BytesKind kind);

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

/// Undoes it. One per thread.
class BytesUnpacker {
 public:
  BytesUnpacker();
  ~BytesUnpacker();
  BytesUnpacker(BytesUnpacker&&) noexcept;
  BytesUnpacker& operator=(BytesUnpacker&&) noexcept;

  /// Reads `count` bytes into `out`, which they replace; `in` fails if they are not there. The
  /// caller has made sure that it wants to allocate as many.
  void unpack(ByteReader& in, std::size_t count, std::string& out);

  /// The same without a copy where the bytes are stored as they are: a view into `in`'s bytes, or
  /// into `scratch`.
  std::string_view view(ByteReader& in, std::size_t count, std::string& scratch);

  /// Reads as many bytes as there are, if the packed form tells how many and they are `count_max`
  /// at most. False: it does not, or they are more, or malformed.
  bool unpack_all(ByteReader& in, std::size_t count_max, std::string& out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace tally::store
