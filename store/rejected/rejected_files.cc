#include "store/rejected/rejected_files.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "store/rejected/rejected_file.h"

namespace tally::store {
namespace {

std::uint64_t sum(const std::map<std::string, std::uint64_t>& bytes_by_client) noexcept {
  std::uint64_t sum = 0;
  for (const auto& [client, bytes] : bytes_by_client) sum += bytes;
  return sum;
}

}  // namespace

RejectedFiles::RejectedFiles(FileSystem& files, StorePaths paths, const RejectedLimits& limits)
    : files_(&files), paths_(std::move(paths)), limits_(limits) {}

Result<void> RejectedFiles::add(std::uint64_t number,
                                std::map<std::string, std::uint64_t> bytes_by_client) {
  if (bytes_by_client.empty()) return ok();
  TALLY_TRY(load());
  Usage& usage = usage_[number] = std::move(bytes_by_client);
  std::set<std::string> clients;
  for (const auto& [client, bytes] : usage) clients.insert(client);
  for (const std::string& client : clients) {
    TALLY_TRY(drop_oldest(client, limits_.client_bytes_max));
  }
  return drop_oldest(std::nullopt, limits_.bytes_max);
}

Result<void> RejectedFiles::remove_through(std::uint64_t through) {
  TALLY_TRY(load());
  while (!usage_.empty() && usage_.begin()->first <= through) {
    TALLY_TRY(remove(usage_.begin()->first));
  }
  return ok();
}

/// What earlier processes left is looked at when it is first needed: most stores refuse nothing.
Result<void> RejectedFiles::load() {
  if (loaded_) return ok();
  TALLY_TRY(const auto names, files_->list(paths_.rejected()));
  for (const std::string& name : names) {
    const auto number = parse_rejected_name(name);
    if (!number) continue;
    TALLY_TRY(usage_[*number], measure(*number));
  }
  loaded_ = true;
  return ok();
}

/// A damaged file counts with all of its bytes, as nobody's.
Result<RejectedFiles::Usage> RejectedFiles::measure(std::uint64_t number) {
  Usage usage;
  const auto count = [&]() -> Result<void> {
    TALLY_TRY(auto reader, RejectedFileReader::open(*files_, paths_, number));
    while (true) {
      TALLY_TRY(const auto pack, reader.next());
      if (!pack) return ok();
      usage[pack->client] += encode(*pack).size();
    }
  }();
  if (count) return usage;
  if (count.error().code != Errc::corruption) return count.error();
  spdlog::warn("{}", to_string(count.error()));
  TALLY_TRY(const auto file, files_->open(paths_.rejected_file(number), OpenMode::read));
  TALLY_TRY(const std::uint64_t size, file->size());
  return Usage{{std::string(), size}};
}

/// Of one client, or of whomever it is, until no more than `bytes_max` are left.
Result<void> RejectedFiles::drop_oldest(const std::optional<std::string>& client,
                                        std::uint64_t bytes_max) {
  const RejectedLosses before = losses_;
  while (bytes_of(client) > bytes_max) {
    const auto oldest = std::ranges::find_if(
        usage_, [&](const auto& entry) { return !client || entry.second.contains(*client); });
    TALLY_TRY(drop_from(oldest->first, client, bytes_of(client) - bytes_max));
  }
  if (losses_.events != before.events) {
    spdlog::warn("{} of the oldest refused events were dropped to stay within {} bytes{}",
                 losses_.events - before.events, bytes_max,
                 client ? " for client '" + *client + "'" : std::string());
  }
  return ok();
}

/// What cannot be read cannot be thinned out either: it goes whole.
Result<void> RejectedFiles::drop_from(std::uint64_t number,
                                      const std::optional<std::string>& client,
                                      std::uint64_t bytes) {
  auto thinned = rewrite(number, client, bytes);
  if (!thinned && thinned.error().code != Errc::corruption) return thinned.error();
  if (!thinned || usage_[number].empty()) return remove(number);
  return ok();
}

/// Writes the file anew without its first packs (of the client) that make up so many bytes.
Result<void> RejectedFiles::rewrite(std::uint64_t number, const std::optional<std::string>& client,
                                    std::uint64_t bytes) {
  TALLY_TRY(auto reader, RejectedFileReader::open(*files_, paths_, number));
  RejectedFileWriter writer(*files_, paths_, reader.header());
  RejectedLosses dropped;
  while (true) {
    TALLY_TRY(const auto pack, reader.next());
    if (!pack) break;
    if (dropped.bytes < bytes && (!client || pack->client == *client)) {
      dropped.events += pack->count;
      dropped.bytes += encode(*pack).size();
    } else {
      TALLY_TRY(writer.add(*pack));
    }
  }
  TALLY_TRY(usage_[number], writer.finish());
  losses_.events += dropped.events;
  losses_.bytes += dropped.bytes;
  return ok();
}

Result<void> RejectedFiles::remove(std::uint64_t number) {
  const auto removed = files_->remove(paths_.rejected_file(number));
  if (!removed && removed.error().code != Errc::not_found) return removed.error();
  usage_.erase(number);
  return files_->sync_directory(paths_.rejected());
}

std::uint64_t RejectedFiles::bytes_of(const std::optional<std::string>& client) const {
  std::uint64_t bytes = 0;
  for (const auto& [number, usage] : usage_) {
    if (!client) bytes += sum(usage);
    const auto found = client ? usage.find(*client) : usage.end();
    if (found != usage.end()) bytes += found->second;
  }
  return bytes;
}

}  // namespace tally::store
