#include "store/journal/journal_file.h"

#include <string>
#include <utility>
#include <vector>

#include "store/journal/journal_format.h"

namespace tally::store {

JournalFile::JournalFile(std::unique_ptr<File> file, const FileHeader& header,
                         std::uint64_t header_end, std::uint64_t size)
    : file_(std::move(file)),
      number_(header.number),
      salt_(header.salt),
      header_end_(header_end),
      end_(header_end),
      size_(size) {}

Result<JournalFile> JournalFile::create(FileSystem& files, const StorePaths& paths,
                                        const FileHeader& header, bool spare) {
  TALLY_TRY(const std::string bytes, encode(header));
  const Path draft = spare ? paths.spare() : paths.draft();
  TALLY_TRY(auto file, files.open(draft, spare ? OpenMode::write : OpenMode::create));
  TALLY_TRY(const std::uint64_t size, file->size());
  JournalFile journal_file(std::move(file), header, bytes.size(), size);
  journal_file.end_ = 0;
  const std::string_view part = bytes;
  TALLY_TRY(journal_file.append({&part, 1}));
  TALLY_TRY(journal_file.sync());
  TALLY_TRY(files.rename(draft, paths.journal_file(header.number)));
  TALLY_TRY(files.sync_directory(paths.journal()));
  return journal_file;
}

Result<JournalFile> JournalFile::reopen(FileSystem& files, const StorePaths& paths,
                                        const FileHeader& header, std::uint64_t header_end) {
  TALLY_TRY(auto file, files.open(paths.journal_file(header.number), OpenMode::write));
  TALLY_TRY(const std::uint64_t size, file->size());
  return JournalFile(std::move(file), header, header_end, size);
}

Result<void> JournalFile::append(std::span<const std::string_view> parts) {
  std::uint64_t end = end_;
  for (const std::string_view part : parts) end += part.size();
  std::vector<std::string_view> all(parts.begin(), parts.end());
  std::string rest;
  if (end + kRestHeaderBytes <= size_) {
    rest = encode_rest(size_ - end);
    all.push_back(rest);
  }
  TALLY_TRY(file_->write_at(end_, all));
  if (rest.empty()) {
    // Zeros that are too few for a rest header are no part of a journal: the file ends before them.
    if (end < size_) {
      TALLY_TRY(file_->truncate(end));
    }
    size_ = end;
  }
  end_ = end;
  return ok();
}

Result<void> JournalFile::sync() { return file_->sync_data(); }

bool JournalFile::fits(std::uint64_t bytes, std::uint64_t file_bytes_max) const noexcept {
  return empty() || end_ + bytes <= file_bytes_max;
}

Result<void> JournalFile::finish() {
  if (end_ == size_) return ok();
  size_ = end_;
  return file_->truncate(end_);
}

}  // namespace tally::store
