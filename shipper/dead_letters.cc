#include "shipper/dead_letters.h"

#include <charconv>
#include <vector>

#include "model/json_text.h"
#include "model/time.h"

namespace tally::shipper {
namespace {

constexpr std::string_view kFirstKey = R"({"seq":)";

std::string letter_of(Sequence sequence, UtcTime now, std::string_view line,
                      std::string_view reason) {
  std::string text(kFirstKey);
  text += std::to_string(to_number(sequence));
  text += R"(,"refused":")" + format_rfc3339(now) + R"(","reason":)";
  append_json_string(text, reason);
  text += R"(,"line":)";
  append_json_string(text, line);
  return text + "}\n";
}

}  // namespace

Result<DeadLetters> DeadLetters::open(store::FileSystem& files, const Clock& clock,
                                      const store::StorePaths& paths, const std::string& name,
                                      std::uint64_t bytes_max) {
  TALLY_TRY(files.create_directories(paths.cursors()));
  TALLY_TRY(auto file,
            files.open(paths.cursors() / (name + ".dead"), store::OpenMode::open_or_create));
  DeadLetters letters(std::move(file), clock, bytes_max);
  TALLY_TRY(letters.read_back());
  TALLY_TRY(files.sync_directory(paths.cursors()));
  return letters;
}

Result<void> DeadLetters::read_back() {
  TALLY_TRY(const std::uint64_t size, file_->size());
  std::string text(size, '\0');
  TALLY_TRY(const std::size_t read, file_->read_at(0, text));
  std::string_view rest = std::string_view(text).substr(0, read);
  for (std::size_t end = 0; (end = rest.find('\n')) != rest.npos; rest.remove_prefix(end + 1)) {
    bytes_ += end + 1;
    if (!rest.starts_with(kFirstKey)) continue;
    std::uint64_t number = 0;
    std::from_chars(rest.data() + kFirstKey.size(), rest.data() + end, number);
    sequences_.insert(Sequence{number});
  }
  return rest.empty() ? Result<void>(ok()) : file_->truncate(bytes_);
}

Result<void> DeadLetters::add(Sequence sequence, std::string_view line, std::string_view reason) {
  if (sequences_.contains(sequence)) return ok();
  const std::string text = letter_of(sequence, clock_->now(), line, reason);
  if (bytes_ + text.size() > bytes_max_) {
    return Error{
        Errc::no_space,
        "more events were refused by the receiver than are kept (64 MiB): look at them with "
        "tally sinks dead, and move the file away"};
  }
  const std::string_view part = text;
  TALLY_TRY(file_->write_at(bytes_, {&part, 1}));
  bytes_ += text.size();
  unsynced_ = true;
  sequences_.insert(sequence);
  return ok();
}

Result<void> DeadLetters::sync() {
  if (!unsynced_) return ok();
  TALLY_TRY(file_->sync_data());
  unsynced_ = false;
  return ok();
}

}  // namespace tally::shipper
