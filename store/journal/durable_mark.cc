#include "store/journal/durable_mark.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <thread>
#include <utility>

#include "store/disk/crc32c.h"

namespace tally::store {
namespace {

// docs/format/durable.md. Do not change: on disk. Little-endian, all in one page, hence never torn
// by a crash.
constexpr std::string_view kMagic = "tallymrk";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kFileAt = 12;
constexpr std::size_t kOffsetAt = 20;
constexpr std::size_t kNextAt = 28;
constexpr std::size_t kCrcAt = 36;
constexpr std::size_t kRecordBytes = 40;

/// A write takes well under a microsecond: so many looks in a row never all fall into one.
constexpr int kLooks = 100;

using Record = std::array<char, kRecordBytes>;

template <class T>
void put(Record& record, std::size_t at, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    record[at + i] = static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  }
}

template <class T>
T get(const Record& record, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<T>(static_cast<unsigned char>(record[at + i])) << (8 * i);
  }
  return value;
}

std::string_view before_crc(const Record& record) { return {record.data(), kCrcAt}; }

bool intact(const Record& record) {
  return before_crc(record).starts_with(kMagic) &&
         get<std::uint32_t>(record, kCrcAt) == crc32c(before_crc(record));
}

Record encode(const DurableMark& mark) {
  Record record{};
  kMagic.copy(record.data(), kMagic.size());
  put(record, kVersionAt, kVersion);
  put(record, kFileAt, mark.file);
  put(record, kOffsetAt, mark.offset);
  put(record, kNextAt, to_number(mark.next));
  put(record, kCrcAt, crc32c(before_crc(record)));
  return record;
}

Result<std::optional<DurableMark>> decode(const Record& record) {
  if (const auto version = get<std::uint32_t>(record, kVersionAt); version != kVersion) {
    return Error{Errc::unsupported, "the file `durable` is of version " + std::to_string(version) +
                                        ", which a newer Tally wrote: use that one"};
  }
  return DurableMark{get<std::uint64_t>(record, kFileAt), get<std::uint64_t>(record, kOffsetAt),
                     Sequence{get<std::uint64_t>(record, kNextAt)}};
}

}  // namespace

DurableMarkWriter::DurableMarkWriter(std::unique_ptr<File> file) : file_(std::move(file)) {}

Result<DurableMarkWriter> DurableMarkWriter::open(FileSystem& files, const StorePaths& paths) {
  TALLY_TRY(auto file, files.open(paths.durable(), OpenMode::open_or_create));
  return DurableMarkWriter(std::move(file));
}

Result<void> DurableMarkWriter::write(const DurableMark& mark) {
  const Record record = encode(mark);
  const std::string_view part(record.data(), record.size());
  return file_->write_at(0, {&part, 1});
}

Result<std::optional<DurableMark>> read_durable_mark(FileSystem& files, const StorePaths& paths) {
  auto file = files.open(paths.durable(), OpenMode::read);
  if (!file) {
    if (file.error().code == Errc::not_found) return std::nullopt;
    return file.error();
  }
  return read_durable_mark(*file.value());
}

Result<std::optional<DurableMark>> read_durable_mark(File& file) {
  for (int look = 0; look < kLooks; ++look) {
    Record record{};
    TALLY_TRY(const std::size_t bytes, file.read_at(0, record));
    if (bytes == kRecordBytes && intact(record)) return decode(record);
    std::this_thread::yield();
  }
  return std::nullopt;
}

}  // namespace tally::store
