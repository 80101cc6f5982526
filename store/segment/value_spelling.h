#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// How values are written down, there and back. Each read function accepts exactly the spellings
/// that its write function gives, so that a value that was read can be written byte for byte. All
/// are safe from any thread and allocate nothing.
namespace tally::store {

/// Digits that a number may have, so that it fits 64 bits whatever they are.
inline constexpr std::size_t kDigitsMax = 18;

/// The room that a write function of numbers needs at `out`: it may write more bytes than the
/// number has, because copies of fixed length are the fast ones.
inline constexpr std::size_t kNumberBytesMax = 48;

/// "0", "17", "-4"; not "-0", "007".
std::optional<std::int64_t> read_integer(std::string_view text) noexcept;
char* write_integer(char* out, std::int64_t value) noexcept;

/// A number with a point, as digits / 10^scale.
struct Decimal {
  std::int64_t digits = 0;
  std::uint8_t scale = 0;     ///< digits behind the point, at least one
  bool ends_in_zero = false;  ///< the last of several
  bool operator==(const Decimal&) const = default;
};

/// "0.5", "-12.250"; not "-0.0", "1.", "1e5".
std::optional<Decimal> read_decimal(std::string_view text) noexcept;

/// The same value with more digits behind the point, or nothing if it then has too many.
std::optional<std::int64_t> rescaled(const Decimal& decimal, unsigned scale) noexcept;

/// digits / 10^scale with exactly `scale` digits behind the point (1 to kDigitsMax).
char* write_fixed(char* out, std::int64_t digits, unsigned scale) noexcept;
/// The same without zeros at the end, but for one behind the point: as Python and JavaScript do.
char* write_decimal(char* out, std::int64_t digits, unsigned scale) noexcept;

/// Hex digits of one case, an even number of them. The bytes are appended.
enum class HexCase { lower, upper };
bool is_hex(std::string_view text, HexCase letters) noexcept;
void append_hex_bytes(std::string& out, std::string_view hex);
char* write_hex(char* out, std::string_view bytes, HexCase letters) noexcept;

inline constexpr std::size_t kUuidBytes = 16;
inline constexpr std::size_t kUuidLength = 36;

/// "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
bool is_uuid(std::string_view text) noexcept;
void append_uuid_bytes(std::string& out, std::string_view uuid);
char* write_uuid(char* out, std::string_view bytes) noexcept;

}  // namespace tally::store
