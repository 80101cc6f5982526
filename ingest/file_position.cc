#include "ingest/file_position.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

namespace tally::ingest {
namespace {

constexpr std::string_view kSourcePrefix = "file:";
constexpr std::string_view kVersion = "1";
constexpr std::string_view kHex = "0123456789abcdef";

std::string to_hex(const store::Sha256& digest) {
  std::string hex;
  for (const std::byte byte : digest) {
    hex += kHex[std::to_integer<unsigned>(byte) >> 4];
    hex += kHex[std::to_integer<unsigned>(byte) & 15];
  }
  return hex;
}

/// Takes words off the front of a text, separated by single spaces.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  std::string_view word() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return word;
  }

  template <class Number>
  void number(Number& value) {
    const std::string_view text = word();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    ok_ = ok_ && error == std::errc() && end == text.data() + text.size();
  }

  void digest(store::Sha256& value) {
    const std::string_view text = word();
    if (text.size() != 2 * value.size()) ok_ = false;
    for (std::size_t i = 0; ok_ && i < value.size(); ++i) {
      unsigned byte = 0;
      const char* begin = text.data() + 2 * i;
      const auto [end, error] = std::from_chars(begin, begin + 2, byte, 16);
      ok_ = error == std::errc() && end == begin + 2;
      value[i] = static_cast<std::byte>(byte);
    }
  }

  bool ok() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::string encode(const FilePosition& position) {
  return std::string(kVersion) + ' ' + std::to_string(position.id.device) + ' ' +
         std::to_string(position.id.inode) + ' ' + std::to_string(position.offset) + ' ' +
         std::to_string(position.head_length) + ' ' + to_hex(position.head) + ' ' +
         to_hex(position.tail);
}

std::optional<FilePosition> decode_file_position(std::string_view text) {
  Words words(text);
  if (words.word() != kVersion) return std::nullopt;
  FilePosition position;
  words.number(position.id.device);
  words.number(position.id.inode);
  words.number(position.offset);
  words.number(position.head_length);
  words.digest(position.head);
  words.digest(position.tail);
  if (!words.ok() || position.head_length > FilePosition::kHeadMax) return std::nullopt;
  return position;
}

std::string checkpoint_source(const FileId& id, std::string_view path) {
  return std::string(kSourcePrefix) + std::to_string(id.device) + ':' + std::to_string(id.inode) +
         ':' + std::string(path);
}

std::optional<std::string> path_of_source(std::string_view source) {
  if (!source.starts_with(kSourcePrefix)) return std::nullopt;
  const std::size_t inode = source.find(':', kSourcePrefix.size());
  const std::size_t path = inode == source.npos ? source.npos : source.find(':', inode + 1);
  if (path == source.npos) return std::nullopt;
  return std::string(source.substr(path + 1));
}

bool has_bytes_of(int descriptor, const FilePosition& position) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return false;
  if (static_cast<std::uint64_t>(status.st_size) < position.offset) return false;
  const auto head = hash_range(descriptor, 0, position.head_length);
  const std::size_t tail_length = std::min<std::uint64_t>(position.offset, FilePosition::kTailMax);
  const auto tail = hash_range(descriptor, position.offset - tail_length, tail_length);
  return head && tail && head.value() == position.head && tail.value() == position.tail;
}

Result<store::Sha256> hash_range(int descriptor, std::uint64_t offset, std::size_t length) {
  std::array<char, FilePosition::kHeadMax> bytes{};
  const ssize_t got =
      ::pread(descriptor, bytes.data(), std::min(length, bytes.size()), static_cast<off_t>(offset));
  if (got < 0) return errno_error(errno, "read");
  return store::sha256_of(std::string_view(bytes.data(), static_cast<std::size_t>(got)));
}

}  // namespace tally::ingest
