#include "shipper/dead_letters.h"

#include <utility>

#include "shipper/letter_text.h"

namespace tally::shipper {

Result<DeadLetters> DeadLetters::open(store::FileSystem& files, const Clock& clock,
                                      const store::StorePaths& paths, const std::string& name,
                                      std::uint64_t bytes_max) {
  TALLY_TRY(files.create_directories(paths.cursors()));
  const store::Path path = paths.cursors() / (name + ".dead");
  TALLY_TRY(auto file, files.open(path, store::OpenMode::open_or_create));
  DeadLetters letters(std::move(file), clock, bytes_max);
  TALLY_TRY(letters.read_back(files, path));
  TALLY_TRY(files.sync_directory(paths.cursors()));
  return letters;
}

Result<void> DeadLetters::read_back(store::FileSystem& files, const store::Path& path) {
  TALLY_TRY(auto lines, read_letter_lines(files, path));
  for (std::string& line : lines) {
    bytes_ += line.size() + 1;
    if (const auto letter = read_letter(line)) {
      sequences_.insert(letter->sequence);
    } else {
      damaged_.insert(std::move(line));
    }
  }
  TALLY_TRY(const std::uint64_t size, file_->size());
  return size == bytes_ ? Result<void>(ok()) : file_->truncate(bytes_);
}

Result<void> DeadLetters::add(Sequence sequence, UtcTime received, std::string_view line,
                              std::string_view reason) {
  if (sequences_.contains(sequence)) return ok();
  const std::string text =
      letter_text({sequence, received, std::string(reason), std::string(line)}, clock_->now());
  if (bytes_ + text.size() > bytes_max_) {
    return Error{
        Errc::too_large,
        "more events were refused by the receiver than are kept (64 MiB): look at them with "
        "tally sinks dead, and move the file away"};
  }
  TALLY_TRY(append(text));
  sequences_.insert(sequence);
  return ok();
}

Result<void> DeadLetters::keep(std::string_view damaged) {
  std::string line(damaged);
  if (damaged_.contains(line)) return ok();
  TALLY_TRY(append(line + "\n"));
  damaged_.insert(std::move(line));
  return ok();
}

Result<void> DeadLetters::append(const std::string& text) {
  const std::string_view part = text;
  TALLY_TRY(file_->write_at(bytes_, {&part, 1}));
  bytes_ += text.size();
  unsynced_ = true;
  return ok();
}

Result<void> DeadLetters::sync() {
  if (!unsynced_) return ok();
  TALLY_TRY(file_->sync_data());
  unsynced_ = false;
  return ok();
}

}  // namespace tally::shipper
