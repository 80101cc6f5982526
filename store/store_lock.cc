#include "store/store_lock.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace tally::store {
namespace {

constexpr std::size_t kLockBytesMax = 1024;
constexpr std::string_view kPid = "pid=";
constexpr std::string_view kAddress = "address=";

/// The rest of the first whole line that begins with `key`; empty if there is none. What follows
/// may be the end of a longer text that is just being overwritten.
std::string_view field(std::string_view text, std::string_view key) {
  for (;;) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    if (text.starts_with(key)) return text.substr(key.size(), end - key.size());
    text.remove_prefix(end + 1);
  }
}

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

LockHolder parse_holder(std::string_view text) {
  LockHolder holder;
  const std::string_view pid = field(text, kPid);
  std::from_chars(pid.data(), pid.data() + pid.size(), holder.pid);
  const std::string_view address = field(text, kAddress);
  if (printable(address)) holder.address = address;  // It goes to terminals.
  return holder;
}

Result<LockHolder> read_holder(File& file) {
  std::array<char, kLockBytesMax> text{};
  TALLY_TRY(const std::size_t bytes, file.read_at(0, text));
  return parse_holder(std::string_view(text.data(), bytes));
}

Result<void> write_holder(File& file, const LockHolder& holder) {
  const std::string text = std::string(kPid) + std::to_string(holder.pid) + "\n" +
                           std::string(kAddress) + holder.address + "\n";
  const std::string_view part = text;
  TALLY_TRY(file.write_at(0, {&part, 1}));
  return file.truncate(text.size());
}

Error held(const StorePaths& paths, const LockHolder& holder) {
  std::string text = "the store " + paths.directory.string() + " is held by ";
  text += holder.pid == 0 ? "another process" : "process " + std::to_string(holder.pid);
  if (holder.address.empty()) {
    text += ": wait until it ends, or stop it";
  } else {
    text += ", which takes events at " + holder.address + ": send to it (--url http://" +
            holder.address + "), or stop it";
  }
  return Error{Errc::held, std::move(text)};
}

LockHolder this_process(std::string address) {
  return LockHolder{static_cast<std::uint64_t>(::getpid()), std::move(address)};
}

}  // namespace

StoreLock::StoreLock(std::unique_ptr<File> file) : file_(std::move(file)) {}

Result<StoreLock> StoreLock::acquire(FileSystem& files, const StorePaths& paths,
                                     std::string address) {
  TALLY_TRY(auto file, files.open(paths.lock(), OpenMode::open_or_create));
  TALLY_TRY(const bool taken, file->try_lock());
  if (!taken) {
    TALLY_TRY(const LockHolder holder, read_holder(*file));
    return held(paths, holder);
  }
  // First of all the name of the one before has to go: better no name than a wrong one.
  TALLY_TRY(file->truncate(0));
  StoreLock lock(std::move(file));
  TALLY_TRY(lock.set_address(std::move(address)));
  return lock;
}

Result<void> StoreLock::set_address(std::string address) {
  return write_holder(*file_, this_process(std::move(address)));
}

Result<std::optional<LockHolder>> find_holder(FileSystem& files, const StorePaths& paths) {
  auto file = files.open(paths.lock(), OpenMode::read);
  if (!file) {
    if (file.error().code == Errc::not_found) return std::nullopt;
    return file.error();
  }
  TALLY_TRY(const bool held, file.value()->locked_by_other());
  if (!held) return std::nullopt;
  TALLY_TRY(auto holder, read_holder(*file.value()));
  return std::optional<LockHolder>(std::move(holder));
}

}  // namespace tally::store
