#include "store/salvage/patient_file.h"

#include <algorithm>

namespace tally::store {
namespace {

/// What the kernel reads at once: a bad sector spoils as much.
constexpr std::uint64_t kPieceBytes = 4096;

Error read_only() { return {Errc::unsupported, "a file is only read when it is salvaged"}; }

}  // namespace

std::vector<PatientFile::Stretch> PatientFile::unreadable() const {
  std::vector<Stretch> stretches;
  for (const auto& [offset, bytes] : unreadable_) {
    if (!stretches.empty() && stretches.back().offset + stretches.back().bytes == offset) {
      stretches.back().bytes += bytes;
    } else {
      stretches.push_back({offset, bytes});
    }
  }
  return stretches;
}

Result<std::size_t> PatientFile::read_at(std::uint64_t offset, std::span<char> into) {
  auto read = file_->read_at(offset, into);
  if (read || read.error().code != Errc::io) return read;
  TALLY_TRY(const std::uint64_t file_bytes, file_->size());
  return read_in_pieces(offset, into, file_bytes);
}

Result<std::size_t> PatientFile::read_in_pieces(std::uint64_t offset, std::span<char> into,
                                                std::uint64_t file_bytes) {
  std::size_t done = 0;
  while (done < into.size() && offset + done < file_bytes) {
    const std::uint64_t at = offset + done;
    const std::uint64_t piece_end = std::min((at / kPieceBytes + 1) * kPieceBytes, file_bytes);
    const auto part = into.subspan(done, std::min<std::size_t>(into.size() - done, piece_end - at));
    if (const auto read = file_->read_at(at, part); !read || read.value() < part.size()) {
      if (!read && read.error().code != Errc::io) return read.error();
      std::ranges::fill(part, '\0');
      note(at / kPieceBytes * kPieceBytes, piece_end - at / kPieceBytes * kPieceBytes);
    }
    done += part.size();
  }
  return done;
}

void PatientFile::note(std::uint64_t offset, std::uint64_t bytes) { unreadable_[offset] = bytes; }

Result<void> PatientFile::write_at(std::uint64_t, std::span<const std::string_view>) {
  return read_only();
}
Result<void> PatientFile::sync_data() { return read_only(); }
Result<void> PatientFile::truncate(std::uint64_t) { return read_only(); }
Result<bool> PatientFile::try_lock() { return read_only(); }
Result<bool> PatientFile::locked_by_other() { return read_only(); }
Result<bool> PatientFile::try_lock_range(const LockRange&, LockKind) { return read_only(); }
Result<void> PatientFile::unlock_range(const LockRange&) { return read_only(); }

}  // namespace tally::store
