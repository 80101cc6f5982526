#include "store/journal/spare_file.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "store/journal/journal_format.h"

namespace tally::store {
namespace {

constexpr std::uint64_t kPieceBytes = 1024 * 1024;

/// Real zeros, not a reserved range: what makes a later overwrite cheap to sync is that the blocks
/// are written, so that no metadata changes any more.
Result<void> write_zeros(File& file, std::uint64_t bytes) {
  const std::string zeros(std::min(bytes, kPieceBytes), '\0');
  for (std::uint64_t offset = 0; offset < bytes; offset += kPieceBytes) {
    const std::string_view piece =
        std::string_view(zeros).substr(0, std::min(bytes - offset, kPieceBytes));
    TALLY_TRY(file.write_at(offset, {&piece, 1}));
  }
  return file.sync_data();
}

Result<void> create_spare(FileSystem& files, const StorePaths& paths, std::uint64_t bytes) {
  TALLY_TRY(auto file, files.open(paths.spare(), OpenMode::create));
  TALLY_TRY(write_zeros(*file, bytes));
  return files.sync_directory(paths.journal());
}

}  // namespace

Result<void> write_spare(FileSystem& files, const StorePaths& paths, std::uint64_t bytes) {
  const Result<void> removed = files.remove(paths.spare());
  if (!removed && removed.error().code != Errc::not_found) return removed.error();
  Result<void> created = create_spare(files, paths, bytes);
  // The first error is the one to tell; a spare that stays is replaced by the next call.
  if (!created) static_cast<void>(files.remove(paths.spare()));
  return created;
}

Result<bool> has_spare(FileSystem& files, const StorePaths& paths, std::uint64_t bytes) {
  TALLY_TRY(const bool there, files.exists(paths.spare()));
  if (!there) return false;
  TALLY_TRY(auto file, files.open(paths.spare(), OpenMode::read));
  TALLY_TRY(const std::uint64_t size, file->size());
  std::array<char, kSkippableBytes> start{};
  TALLY_TRY(const std::size_t read, file->read_at(0, start));
  return size == bytes && read == start.size() &&
         std::ranges::all_of(start, [](char byte) { return byte == 0; });
}

}  // namespace tally::store
